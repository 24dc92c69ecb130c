import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { ReportPage, ReportSection } from '../texts/report.ts';
import { isNumber, madeBy, nobody, type ReportLook } from './report-file.ts';

/** The monthly report on A4, with fonts of its own: the ones every reader has lack Polish letters. */

const require = createRequire(import.meta.url);
const REGULAR = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');
const MARGIN = 50;
const LINE = '#d5dae1';
const GREY = '#5b6673';
const LOGO_HEIGHT = 48;
/** A heading does not stand alone at the foot of a page. */
const LEAST_ROOM = 110;

type Pdf = InstanceType<typeof PDFDocument>;

export async function reportPdf(page: ReportPage, look: ReportLook): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    lang: look.language,
    tagged: true,
    displayTitle: true,
    info: { Title: page.title, ...(look.brand === null ? {} : { Author: look.brand }) },
    font: REGULAR,
  });
  const whole = buffer(pdf);
  head(pdf, page, look);
  for (const section of page.sections) drawn(pdf, section, look);
  feet(pdf, look);
  pdf.end();
  return whole;
}

function head(pdf: Pdf, { title, subtitle }: ReportPage, { logo }: ReportLook): void {
  if (logo !== null) {
    pdf.image(logo.bytes, { fit: [200, LOGO_HEIGHT] });
    pdf.y = MARGIN + LOGO_HEIGHT + 12;
  }
  pdf.font(BOLD).fontSize(18).fillColor('black').text(title, MARGIN);
  pdf.font(REGULAR).fontSize(10).fillColor(GREY).text(subtitle);
}

function drawn(pdf: Pdf, { title, text, head: names, rows }: ReportSection, look: ReportLook): void {
  if (pdf.y > pdf.page.height - MARGIN - LEAST_ROOM) pdf.addPage();
  else pdf.moveDown(1.2);
  pdf.font(BOLD).fontSize(12).fillColor('black').text(title, MARGIN);
  pdf.font(REGULAR).fontSize(9);
  if (text !== '') pdf.fillColor(GREY).text(text, MARGIN);
  pdf.fillColor('black').moveDown(0.4);
  if (rows.length === 0) {
    pdf.text(nobody(look), MARGIN);
    return;
  }
  const isRight = names.map((_, at) => rows[0]?.[at] !== undefined && isNumber(rows[0][at]));
  const sideOf = (at: number) => (isRight[at] ? 'right' : 'left');
  pdf.table({
    defaultStyle: { border: [0, 0, 0.5, 0], borderColor: LINE, padding: [3, 4, 3, 4] },
    columnStyles: names.map((_, at) => ({ width: '*', align: { x: sideOf(at), y: 'center' } })),
    data: [
      names.map((name, at) => ({
        text: name,
        font: { src: BOLD, size: 8 },
        align: { x: sideOf(at), y: 'bottom' } as const,
      })),
      ...rows.map((row) => row.map(({ text }) => text)),
    ],
  });
  pdf.x = MARGIN;
}

function feet(pdf: Pdf, look: ReportLook): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let at = start; at < start + count; at += 1) {
    pdf.switchToPage(at);
    const words = [madeBy(look), `${at - start + 1} / ${count}`].filter(Boolean).join('   ');
    // Below the margin: without this the text would begin a page of its own.
    pdf.page.margins.bottom = 0;
    pdf
      .fontSize(8)
      .fillColor(GREY)
      .text(words, MARGIN, pdf.page.height - MARGIN + 14, { lineBreak: false });
  }
}
