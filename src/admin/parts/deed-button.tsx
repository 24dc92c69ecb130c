import { Button, type ButtonProps, Loader } from '@mantine/core';
import type { ReactNode } from 'react';

interface DeedButtonProps extends ButtonProps {
  readonly type?: 'button' | 'submit';
  /** Where its words alone do not say which of many. */
  readonly 'aria-label'?: string;
  /** Its deed is under way. */
  readonly isPending?: boolean;
  /** Something else is, which must end first. */
  readonly isBlocked?: boolean;
  readonly onClick?: () => void;
  readonly children: ReactNode;
}

/** Cannot be pressed twice, yet keeps the focus: a button that is `disabled` drops it, and the keyboard stands nowhere. */
export function DeedButton(props: DeedButtonProps) {
  const { isPending = false, isBlocked = false, onClick, ...rest } = props;
  const isOff = isPending || isBlocked;
  return (
    <Button
      {...rest}
      {...(isOff ? { 'data-disabled': true, 'aria-disabled': true } : {})}
      {...(isPending ? { 'aria-busy': true, leftSection: <Loader size={14} color="currentColor" /> } : {})}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onClick?.();
      }}
    />
  );
}
