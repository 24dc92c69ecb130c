import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

/** Short words about what was just done; what failed stays where it was tried (ProblemAlert). */
export function tellDone(message: string): void {
  const closeButtonProps = { 'aria-label': i18next.t('close') };
  notifications.show({ message, color: 'green', autoClose: 6_000, closeButtonProps });
}
