import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DeedButton } from './deed-button.tsx';
import { ProblemAlert } from './problem-alert.tsx';

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What will happen, in numbers where there are any. */
  readonly children: ReactNode;
  /** The deed in words, e.g. "Reject plan 12", never "OK". */
  readonly deed: string;
  readonly isDangerous?: boolean;
  readonly isBusy?: boolean;
  readonly error?: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before a deed. It stays open with what was typed until the deed is done. */
export function Confirm(props: ConfirmProps) {
  const { isOpen, title, children, deed, isDangerous = false, isBusy = false, error = null } = props;
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={props.onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onConfirm();
        }}
      >
        <Stack>
          {children}
          {error !== null && <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {t('cancel')}
            </Button>
            <DeedButton type="submit" isPending={isBusy} {...(isDangerous ? { color: 'red.9' } : {})}>
              {deed}
            </DeedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
