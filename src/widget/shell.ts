import { configOf, NO_CONFIG, type WidgetConfig } from './config.ts';
import { button, el } from './elements.ts';
import { type Format, formatOf, type Money } from './format.ts';
import { guardMessages, Silence, startSdk, within, type Zoho } from './sdk.ts';
import { fill, languageOf, type StateName, TEXTS, type Texts } from './texts/tables.ts';

/** What card and worklist share: start, language, theme, height, and the states in which there is nothing to show. */

export interface Shell {
  readonly zoho: Zoho;
  readonly config: WidgetConfig;
  readonly texts: Texts;
  readonly format: Format;
  readonly money: Money;
  readonly show: (...content: readonly (Node | null)[]) => void;
  readonly state: (name: StateName, how?: { readonly code?: string; readonly retry?: () => void }) => void;
}

const CONFIG_MS = 3_000;
const PAGE_MS = 5_000;

function view(): HTMLElement {
  const found = document.getElementById('view');
  if (!found) throw new Error('the page has no #view');
  return found;
}

async function readConfig(): Promise<WidgetConfig> {
  try {
    const answer = await within(fetch('config.json'), CONFIG_MS);
    return answer.ok ? configOf(await answer.json()) : NO_CONFIG;
  } catch {
    return NO_CONFIG;
  }
}

function useTheme(theme: 'day' | 'night'): void {
  document.documentElement.dataset.theme = theme;
}
const themeOfSystem = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'day');

/** `onPage` may be called again: Zoho tells of every record that the frame is reused for. */
export async function startShell(
  onPage: (shell: Shell, data: unknown) => Promise<void>,
  { needsPage }: { readonly needsPage: boolean },
): Promise<void> {
  let locale: unknown = null;
  let texts = TEXTS[languageOf(navigator.language)];
  useTheme(themeOfSystem());
  const state = stateView(() => texts);
  state('loading');
  const config = await readConfig();
  guardMessages(config.parents, (told) => {
    locale = told;
    texts = useLanguage(locale);
  });
  let page: unknown;
  let onTold = (): void => undefined;
  const started = await startSdk((data) => {
    page = data ?? {};
    onTold();
  });
  texts = useLanguage(locale);
  if (started.is !== 'ready') {
    state(started.is);
    return;
  }
  const { zoho } = started;
  new ResizeObserver(() => zoho.resize(Math.ceil(view().getBoundingClientRect().height))).observe(view());
  const [theme, currency] = await Promise.all([zoho.theme(), zoho.currency()]);
  useTheme(theme ?? themeOfSystem());
  let told = 0;
  const render = async () => {
    told += 1;
    const mine = told;
    const isCurrent = () => mine === told;
    const money = { currency };
    const format = formatOf(texts, money);
    const shell = { zoho, config, texts, format, money, ...onlyWhile(isCurrent, { show, state }) };
    await shown(shell, () => onPage(shell, page));
  };
  // From here on whatever Zoho tells is shown; what it told meanwhile is shown now.
  onTold = () => {
    state('loading');
    void render();
  };
  if (page !== undefined || !needsPage) await render();
  else setTimeout(() => page === undefined && state('noRecord'), PAGE_MS);
}

/** What is still being read for a record that Zoho has moved on from must not cover the one that is looked at. */
function onlyWhile(isCurrent: () => boolean, { show, state }: Pick<Shell, 'show' | 'state'>) {
  return {
    show: (...content: readonly (Node | null)[]) => {
      if (isCurrent()) show(...content);
    },
    state: (...how: Parameters<Shell['state']>) => {
      if (isCurrent()) state(...how);
    },
  };
}

function useLanguage(locale: unknown): Texts {
  const language = languageOf(locale, navigator.language);
  document.documentElement.lang = language;
  return TEXTS[language];
}

async function shown(shell: Shell, work: () => Promise<void>): Promise<void> {
  const retry = () => {
    shell.state('loading');
    void shown(shell, work);
  };
  try {
    await work();
  } catch (error) {
    if (error instanceof Silence) shell.state('silent', { retry });
    else shell.state('failed', { code: error instanceof Error ? error.message : String(error), retry });
  }
}

function show(...content: readonly (Node | null)[]): void {
  view().replaceChildren(...content.filter((node) => node !== null));
}

function stateView(texts: () => Texts): Shell['state'] {
  return (name, { code = '', retry } = {}) => {
    const { title, text } = texts().state[name];
    show(
      el(
        'section',
        { class: 'state', role: 'status', 'data-state': name },
        el('h1', {}, title),
        text === '' ? null : el('p', {}, fill(text, { code })),
        retry ? button(texts().action.retry, retry) : null,
      ),
    );
  };
}
