import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

/** Saves what stands at an address of the API. */
export function DownloadButton({ label, href }: { readonly label: string; readonly href: string }) {
  return (
    <Button component="a" variant="default" leftSection={<IconDownload size={16} />} href={href}>
      {label}
    </Button>
  );
}
