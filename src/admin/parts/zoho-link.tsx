import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface ZohoLinkProps {
  /** Null: the data centre is none of Zoho's, and the words stand alone. */
  readonly url: string | null;
  readonly children: ReactNode;
}

/** A record's page in Zoho CRM, in a tab of its own. */
export function ZohoLink({ url, children }: ZohoLinkProps) {
  const { t } = useTranslation();
  if (url === null) return children;
  return (
    <Anchor href={url} target="_blank" rel="noreferrer" inherit>
      {children} <IconExternalLink size={12} aria-label={t('inZoho')} />
    </Anchor>
  );
}
