import { useTranslation } from 'react-i18next';
import { Empty } from '../parts/page-state.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty
      title={t('notFound.title')}
      what={t('notFound.what')}
      next={{ label: t('notFound.home'), to: '/' }}
    />
  );
}
