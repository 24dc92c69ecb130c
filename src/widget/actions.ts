import { button, el } from './elements.ts';
import type { FieldNames } from './fields.ts';
import { dayOfUser } from './format.ts';
import { amountOf, withGift } from './goodwill.ts';
import { Silence } from './sdk.ts';
import type { Shell } from './shell.ts';
import { fill } from './texts/tables.ts';
import { textOf } from './values.ts';

/** Buttons that write one field of the inputs set, which the next sync reads. Without the field there is no button. */

export interface Target {
  readonly module: string;
  readonly id: string;
  readonly names: FieldNames;
}

export function actionBar(shell: Shell, target: Target): HTMLElement | null {
  const { texts, zoho } = shell;
  const { names, module, id } = target;
  const result = el('p', { class: 'result', role: 'status' });
  const bar = el('div', { class: 'buttons' });
  const write = writer(shell, bar, result);
  const asked = names.get('recalculation_asked');
  const given = names.get('goodwill_given');
  const thanked = names.get('last_thanked');
  if (asked !== undefined) {
    const ask = () => {
      const now = new Date();
      const text = now.toISOString().slice(0, 19);
      const done = fill(texts.done.recalculate, { time: shell.format.time(now) });
      return write(done, () => zoho.update(module, { id, [asked]: text }));
    };
    bar.append(button(texts.action.recalculate, () => void ask()));
  }
  if (given !== undefined) {
    const form = goodwillForm(shell, target, given, write);
    bar.append(button(texts.action.goodwill, () => form.open()));
    bar.after(form.element);
    return wrapped(bar, form.element, result);
  }
  return wrapped(bar, null, result);

  function wrapped(first: HTMLElement, form: HTMLElement | null, last: HTMLElement): HTMLElement | null {
    if (thanked !== undefined) {
      const thank = () => {
        const day = dayOfUser(new Date());
        const done = fill(texts.done.thanked, { day: shell.format.day(day) });
        return write(done, () => zoho.update(module, { id, [thanked]: day }));
      };
      first.append(button(texts.action.thanked, () => void thank()));
    }
    if (first.childElementCount === 0) return null;
    return el('footer', { class: 'actions' }, first, form, last);
  }
}

type Saving = Awaited<ReturnType<Shell['zoho']['update']>> | { readonly is: 'full' };
type Write = (done: string, work: () => Promise<Saving>) => Promise<boolean>;

/** One write at a time: a second click must not note the same thing twice. */
function writer(shell: Shell, bar: HTMLElement, result: HTMLElement): Write {
  const { texts } = shell;
  let isBusy = false;
  const tell = (text: string, isBad = false) => {
    result.textContent = text;
    result.classList.toggle('bad', isBad);
  };
  return async (done, work) => {
    if (isBusy) return false;
    isBusy = true;
    bar.setAttribute('aria-busy', 'true');
    tell(texts.done.working);
    try {
      const saved = await work();
      tell(saved.is === 'saved' ? done : refusal(shell, saved), saved.is !== 'saved');
      return saved.is === 'saved';
    } catch (error) {
      const code = error instanceof Error ? error.message : String(error);
      tell(error instanceof Silence ? texts.failed.silent : fill(texts.failed.other, { code }), true);
      return false;
    } finally {
      isBusy = false;
      bar.removeAttribute('aria-busy');
    }
  };
}

function refusal({ texts }: Shell, saved: Exclude<Saving, { is: 'saved' }>): string {
  const { failed } = texts;
  if (saved.is === 'full') return fill(failed.full, { field: texts.field.goodwill_given });
  return saved.is === 'forbidden' ? failed.forbidden : fill(failed.other, { code: saved.code });
}

function goodwillForm(shell: Shell, { module, id }: Target, field: string, write: Write) {
  const { texts, zoho, money, format } = shell;
  const { action } = texts;
  const amount = el('input', {
    inputmode: 'decimal',
    autocomplete: 'off',
    maxlength: '12',
    'aria-describedby': 'amount-problem',
  });
  const note = el('input', { maxlength: '60', autocomplete: 'off' });
  const problem = el('p', { class: 'bad', id: 'amount-problem', role: 'alert' });
  const label =
    money.currency === null ? action.amountPlain : fill(action.amount, { currency: money.currency });
  const element = el(
    'form',
    { class: 'goodwill', hidden: true },
    el('label', {}, label, amount),
    el('label', {}, action.note, note),
    problem,
    el(
      'div',
      { class: 'buttons' },
      el('button', { type: 'submit' }, action.save),
      button(action.cancel, close),
    ),
  );
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    void save();
  });
  return { element, open };

  function open(): void {
    element.hidden = false;
    amount.focus();
  }
  function close(): void {
    element.reset();
    element.hidden = true;
    problem.textContent = '';
    amount.removeAttribute('aria-invalid');
  }
  async function save(): Promise<void> {
    const hundredths = amountOf(amount.value);
    problem.textContent = hundredths === null ? texts.failed.amount : '';
    if (hundredths === null) {
      amount.setAttribute('aria-invalid', 'true');
      amount.focus();
      return;
    }
    const done = fill(texts.done.goodwill, { amount: format.exactMoney(hundredths / 100) });
    const isSaved = await write(done, async () => {
      // Read anew: a colleague may have noted something since the card was shown.
      const now = await zoho.record(module, id);
      if (now.is === 'absent') return { is: 'failed', code: texts.state.absent.title };
      if (now.is !== 'record') return now;
      const gift = { day: dayOfUser(new Date()), hundredths, note: note.value };
      const text = withGift(textOf(now.record[field]), gift);
      return text === null ? { is: 'full' } : zoho.update(module, { id, [field]: text });
    });
    if (isSaved) close();
  }
}
