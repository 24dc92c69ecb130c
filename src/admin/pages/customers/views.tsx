import {
  Alert,
  Button,
  Checkbox,
  CopyButton,
  Group,
  Menu,
  NativeSelect,
  Text,
  TextInput,
} from '@mantine/core';
import { IconBookmark } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { useMe } from '../../shell/session.tsx';
import { filled, type ListState, VIEWS, type View } from './list-state.ts';

const ADD = 'POST /connections/{connection}/customer-views';
const CHANGE = 'PATCH /connections/{connection}/customer-views/{view}';
const REMOVE = 'DELETE /connections/{connection}/customer-views/{view}';
type Asked = 'new' | 'change' | 'remove' | null;

/** Views by name, one's own and shared ones; to save what the list shows, to change, to send and to remove one. */
export function Views({ list }: { readonly list: ListState }) {
  const { t } = useTranslation('customers');
  const { name: connection } = useConnection();
  const { visit } = useMe();
  const [asked, setAsked] = useState<Asked>(null);
  const { view, views, isChanged } = list;
  const write = useWrite(CHANGE, [VIEWS]);
  const choiceOf = ({ id, name, mine, ownerName }: View) => ({
    value: id,
    label: mine || ownerName === null ? name : t('views.of', { name, owner: ownerName }),
  });
  const groups = [
    { group: t('views.own'), items: views.filter(({ shared }) => !shared).map(choiceOf) },
    { group: t('views.shared'), items: views.filter(({ shared }) => shared).map(choiceOf) },
  ];
  const save = (of: View) =>
    write.mutate(
      { path: { connection, view: of.id }, body: { query: filled(list.values) } },
      {
        onSuccess: () => {
          tellDone(t('views.saved', { name: of.name }));
          list.show(of.id);
        },
      },
    );
  return (
    <>
      <Group align="flex-end" gap="sm" mb="sm">
        <NativeSelect
          label={t('views.view')}
          value={view?.id ?? ''}
          maw={260}
          data={[{ value: '', label: t('views.all') }, ...groups.filter(({ items }) => items.length > 0)]}
          onChange={({ currentTarget }) => list.show(currentTarget.value || null)}
        />
        {visit === null && (
          <Button variant="default" leftSection={<IconBookmark size={16} />} onClick={() => setAsked('new')}>
            {t('views.save')}
          </Button>
        )}
        {view && (
          <Menu position="bottom-start" withinPortal>
            <Menu.Target>
              <Button variant="default">{t('views.menu')}</Button>
            </Menu.Target>
            <Menu.Dropdown>
              <CopyButton value={`${location.origin}${pagePath(connection, 'customers')}?view=${view.id}`}>
                {({ copy }) => (
                  <Menu.Item
                    onClick={() => {
                      copy();
                      tellDone(t('views.copied'));
                    }}
                  >
                    {t('views.copy')}
                  </Menu.Item>
                )}
              </CopyButton>
              {view.canChange && (
                <>
                  {isChanged && <Menu.Item onClick={() => save(view)}>{t('views.keep')}</Menu.Item>}
                  <Menu.Item onClick={() => setAsked('change')}>{t('views.rename')}</Menu.Item>
                  <Menu.Item onClick={() => setAsked('remove')}>{t('views.remove')}</Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
        {view && isChanged && (
          <Text size="sm" c="dimmed" mb={8}>
            {t('views.changed')}
          </Text>
        )}
      </Group>
      {list.problem && <ProblemAlert {...list.problem} />}
      {write.error && <ProblemAlert error={write.error} />}
      {list.isViewGone && (
        <Alert color="yellow" mb="sm">
          {t('views.gone')}
        </Alert>
      )}
      {asked === 'new' && <NewView list={list} onClose={() => setAsked(null)} />}
      {asked === 'change' && view && <ChangeView view={view} onClose={() => setAsked(null)} />}
      {asked === 'remove' && view && (
        <RemoveView view={view} onRemoved={() => list.show(null)} onClose={() => setAsked(null)} />
      )}
    </>
  );
}

interface NameProps {
  readonly typed: { readonly name: string; readonly shared: boolean };
  readonly onChange: (typed: NameProps['typed']) => void;
}
function NameAndSharing({ typed, onChange }: NameProps) {
  const { t } = useTranslation('customers');
  const { canWrite } = useConnection();
  return (
    <>
      <TextInput
        label={t('views.name')}
        required
        data-autofocus
        maxLength={80}
        value={typed.name}
        onChange={({ currentTarget }) => onChange({ ...typed, name: currentTarget.value })}
      />
      {canWrite && (
        <Checkbox
          label={t('views.share')}
          checked={typed.shared}
          onChange={({ currentTarget }) => onChange({ ...typed, shared: currentTarget.checked })}
        />
      )}
    </>
  );
}

function NewView({ list, onClose }: { readonly list: ListState; readonly onClose: () => void }) {
  const { t } = useTranslation(['customers', 'common']);
  const { name: connection } = useConnection();
  const [typed, setTyped] = useState({ name: '', shared: false });
  const write = useWrite(ADD, [VIEWS]);
  const add = () =>
    write.mutate(
      { path: { connection }, body: { ...typed, query: filled(list.values) } },
      {
        onSuccess: ({ id, name }) => {
          tellDone(t('views.saved', { name }));
          onClose();
          list.show(id);
        },
      },
    );
  return (
    <Confirm
      isOpen
      title={t('views.save')}
      deed={t('common:save')}
      isBusy={write.isPending}
      error={write.error}
      onConfirm={add}
      onClose={onClose}
    >
      <Text size="sm">{t('views.saveWhat')}</Text>
      <NameAndSharing typed={typed} onChange={setTyped} />
    </Confirm>
  );
}

interface OfViewProps {
  readonly view: View;
  readonly onClose: () => void;
}
function ChangeView({ view, onClose }: OfViewProps) {
  const { t } = useTranslation(['customers', 'common']);
  const { name: connection } = useConnection();
  const [typed, setTyped] = useState({ name: view.name, shared: view.shared });
  const write = useWrite(CHANGE, [VIEWS]);
  const save = () =>
    write.mutate(
      { path: { connection, view: view.id }, body: typed },
      {
        onSuccess: ({ name }) => {
          tellDone(t('views.saved', { name }));
          onClose();
        },
      },
    );
  return (
    <Confirm
      isOpen
      title={t('views.rename')}
      deed={t('common:save')}
      isBusy={write.isPending}
      error={write.error}
      onConfirm={save}
      onClose={onClose}
    >
      <NameAndSharing typed={typed} onChange={setTyped} />
    </Confirm>
  );
}

function RemoveView({ view, onRemoved, onClose }: OfViewProps & { readonly onRemoved: () => void }) {
  const { t } = useTranslation('customers');
  const { name: connection } = useConnection();
  const write = useWrite(REMOVE, [VIEWS]);
  const remove = () =>
    write.mutate(
      { path: { connection, view: view.id } },
      {
        onSuccess: () => {
          tellDone(t('views.removed', { name: view.name }));
          onClose();
          onRemoved();
        },
      },
    );
  return (
    <Confirm
      isOpen
      title={t('views.remove')}
      deed={t('views.removeNamed', { name: view.name })}
      isDangerous
      isBusy={write.isPending}
      error={write.error}
      onConfirm={remove}
      onClose={onClose}
    >
      <Text size="sm">{t(view.shared ? 'views.removeShared' : 'views.removeOwn')}</Text>
    </Confirm>
  );
}
