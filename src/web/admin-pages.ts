import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';
import helmet from 'helmet';

/** The admin pages as static files. Every address of theirs is answered with the same document; the browser does the rest. */

/** Where the build puts them: beside this folder in dist/, and nowhere when the server runs from its sources. */
export const BUILT_PAGES = fileURLToPath(new URL('../admin', import.meta.url));
const NONCE = '__NONCE__';
const YEAR = 31_536_000_000;

/** What is not an address of a page: the API, and what has routes of its own. */
const NO_PAGE = /^\/(api|hooks|connect|oauth|sign-in|sign-out|operator|healthz|readyz|metrics|assets)(\/|$)/;

/** Asks whether a browser wants to look at a page; programs get the problem JSON of an address that is not there. */
function wantsPage(path: string, accepts: string | undefined): boolean {
  return !NO_PAGE.test(path) && !/\.\w+$/.test(path) && (accepts ?? '').includes('text/html');
}

/** null: they were not built into that folder. */
export function adminPages(folder: string): RequestHandler | null {
  // Sources have a document, too, but no assets.
  if (!existsSync(join(folder, 'assets'))) return null;
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const router = Router();
  router.use(
    '/assets',
    packedTwins(join(folder, 'assets')),
    express.static(join(folder, 'assets'), { immutable: true, maxAge: YEAR, index: false, redirect: false }),
  );
  router.get('/{*path}', (req, res, next) => {
    if (!wantsPage(req.path, req.get('accept'))) return next();
    const nonce = randomBytes(16).toString('base64');
    allowStyles(nonce)(req, res, (error?: unknown) => {
      if (error) return next(error);
      res.set('Cache-Control', 'no-store').type('html').send(html.replaceAll(NONCE, nonce));
    });
  });
  return router;
}

// The build leaves packed twins beside the assets (scripts/compress-assets.ts). Browsers ask for Brotli over https only.
const TWINS = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;

/** Turns a request for an asset into one for its smallest twin that the browser unpacks. */
function packedTwins(folder: string): RequestHandler {
  const files = new Set(readdirSync(folder));
  return (req, res, next) => {
    const name = req.path.slice(1);
    const twins = TWINS.filter(({ ending }) => files.has(name + ending));
    if (twins.length === 0) return next();
    res.vary('Accept-Encoding');
    const twin = twins.find(({ encoding }) => req.acceptsEncodings(encoding) === encoding);
    if (twin) {
      res.set('Content-Encoding', twin.encoding).type(extname(name));
      req.url = `/${name}${twin.ending}`;
    }
    next();
  };
}

// Mantine writes the colours of the theme as a style element. It carries a proof that is new with every load, so a style
// that somebody smuggles in stays without effect; style attributes are set by script only, which the policy lets pass.
function allowStyles(nonce: string): RequestHandler {
  return helmet.contentSecurityPolicy(contentPolicy([`'nonce-${nonce}'`]));
}

/** Of all answers: they load nothing from elsewhere, run no script that stands in a page, and are framed by nobody. */
export function contentPolicy(moreStyles: readonly string[] = []) {
  return {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", ...moreStyles],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      // A form that begins a consent is sent on to Zoho.
      formAction: ["'self'", 'https:'],
    },
  };
}
