import { Switch } from '@mantine/core';

interface DeedSwitchProps {
  readonly 'aria-label': string;
  readonly isOn: boolean;
  /** What it was turned to and the server has not said yet; null: nothing. */
  readonly pending: boolean | null;
  readonly isReadOnly?: boolean;
  readonly onTurn: (isOn: boolean) => void;
}

/** Turns at once and keeps the focus while its deed is under way; until then it cannot be turned again. */
export function DeedSwitch(props: DeedSwitchProps) {
  const { isOn, pending, isReadOnly = false, onTurn } = props;
  return (
    <Switch
      aria-label={props['aria-label']}
      aria-busy={pending !== null}
      checked={pending ?? isOn}
      disabled={isReadOnly}
      onChange={({ currentTarget }) => {
        if (pending === null) onTurn(currentTarget.checked);
      }}
    />
  );
}
