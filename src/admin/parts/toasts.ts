import { notifications } from '@mantine/notifications';

/** Short words about what was just done; what failed stays where it was tried (ProblemAlert). */
export function tellDone(message: string): void {
  notifications.show({ message, color: 'green', autoClose: 6_000 });
}
