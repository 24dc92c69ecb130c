import i18next, { type BackendModule, type ResourceKey } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Words of the pages: one file a page and language, loaded with the page. */

export const LANGUAGES = ['en', 'nl', 'pl', 'da'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words, as people look for it. */
export const LANGUAGE_NAMES: { readonly [L in Language]: string } = {
  en: 'English',
  nl: 'Nederlands',
  pl: 'Polski',
  da: 'Dansk',
};
const KEPT_AS = 'zcv-language';

const files = import.meta.glob<ResourceKey>('../texts/*/*.json', { import: 'default' });
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: async (language, namespace) => {
    const load = files[`../texts/${language}/${namespace}.json`];
    if (load === undefined) throw new Error(`there are no texts ${language}/${namespace}`);
    return load();
  },
};

function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.some((language) => language === text);
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

export async function startTexts(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      fallbackLng: false,
      supportedLngs: [...LANGUAGES],
      ns: ['common'],
      defaultNS: 'common',
      // React escapes what it renders.
      interpolation: { escapeValue: false },
      partialBundledLanguages: true,
    });
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, language);
  await i18next.changeLanguage(language);
}
