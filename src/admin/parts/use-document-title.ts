import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** What tab, history and bookmarks call the page. */
export function useDocumentTitle(title: string): void {
  const { t } = useTranslation();
  const app = t('appName');
  useEffect(() => {
    document.title = title === app ? app : `${title} · ${app}`;
  }, [title, app]);
}
