import { Checkbox, Group, SimpleGrid, Stack, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { ApiProblem } from '../../api/problem.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';
import { useFieldWords } from './field-words.ts';
import { type Field, FORM, GROUP_NAMES, groupOf, isSame, sectionOf, VERSIONS } from './keys.ts';
import { NoteField } from './note-field.tsx';
import { RuleField } from './rule-field.tsx';

/** What was typed, by key; `isBack`: to what the files say. */
interface Typed {
  readonly [key: string]: { readonly value: unknown; readonly isBack: boolean };
}

/** Every rule, each as the draft has it, else as it is in force. What the server refuses stands beside the field. */
export function EditRules({ fields }: { readonly fields: readonly Field[] }) {
  const { t } = useTranslation(['rules', 'ruleFields']);
  const { canWrite } = useConnection();
  const [{ group, search, differs }, setUrl] = useUrlState({ group: 'tiers', search: '', differs: '' });
  const form = useTyped(fields);
  const found = useFound(fields, form, { search, differs: differs !== '' });
  const isFiltered = search !== '' || differs !== '';
  const shown = found ?? fields.filter((field) => groupOf(field) === group);
  return (
    <Stack>
      <Group align="flex-end">
        <SearchField
          label={t('filter.search')}
          value={search}
          onChange={(text) => setUrl({ search: text })}
        />
        <Checkbox
          label={t('filter.differs')}
          checked={differs !== ''}
          onChange={({ currentTarget }) => setUrl({ differs: currentTarget.checked ? 'yes' : null })}
          mb={8}
        />
        {isFiltered && (
          <Text size="sm" c="dimmed" role="status" mb={6}>
            {t('filter.found', { count: shown.length })}
          </Text>
        )}
      </Group>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          form.submit();
        }}
      >
        <Stack>
          {isFiltered ? (
            <Sections fields={shown} form={form} />
          ) : (
            <Tabs value={group} onChange={(next) => setUrl({ group: next }, true)} keepMounted={false}>
              <Tabs.List aria-label={t('filter.groups')} mb="md">
                {GROUP_NAMES.map((name) => (
                  <Tabs.Tab key={name} value={name}>
                    {t(`ruleFields:groups.${name}`)}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              <Tabs.Panel value={group}>
                <Sections fields={shown} form={form} />
              </Tabs.Panel>
            </Tabs>
          )}
          {isFiltered && shown.length === 0 && <Text size="sm">{t('filter.none')}</Text>}
          {canWrite && <Save form={form} shown={shown} />}
        </Stack>
      </form>
    </Stack>
  );
}

type Form = ReturnType<typeof useTyped>;

/** What was typed, kept while one looks at other groups. */
function useTyped(fields: readonly Field[]) {
  const { t } = useTranslation('rules');
  const { name: connection } = useConnection();
  const [typed, setTyped] = useState<Typed>({});
  const [note, setNote] = useState('');
  const save = useWrite('PATCH /connections/{connection}/settings/draft', [FORM, VERSIONS]);
  const typedOf = (field: Field) => (field.key in typed ? typed[field.key]?.value : field.drafted);
  const changed = fields.filter(
    (field) => !isSame(typedOf(field), field.drafted) && (typedOf(field) !== '' || field.isNullable),
  );
  const forget = () => {
    setTyped({});
    setNote('');
    save.reset();
  };
  const submit = () => {
    if (changed.length === 0 || save.isPending) return;
    const isUnset = (field: Field) => typed[field.key]?.isBack === true && field.isOwn;
    const set = changed.filter((field) => !isUnset(field)).map((field) => [field.key, typedOf(field)]);
    const unset = changed.filter(isUnset).map(({ key }) => key);
    const why = note.trim();
    save.mutate(
      {
        path: { connection },
        body: { set: Object.fromEntries(set), unset, ...(why === '' ? {} : { note: why }) },
      },
      {
        onSuccess: ({ version }) => {
          tellDone(t('saved', { version }));
          setTyped({});
          setNote('');
        },
      },
    );
  };
  return {
    ...{ typedOf, changed, note, setNote, forget, submit },
    error: save.error,
    isPending: save.isPending,
    problems: save.error instanceof ApiProblem ? save.error.errors : [],
    set: (key: string, value: unknown) => setTyped({ ...typed, [key]: { value, isBack: false } }),
    reset: ({ key, usual }: Field) => setTyped({ ...typed, [key]: { value: usual, isBack: true } }),
  };
}

/** Null: nothing is looked for. */
function useFound(
  fields: readonly Field[],
  form: Form,
  { search, differs }: { readonly search: string; readonly differs: boolean },
): readonly Field[] | null {
  const words = useFieldWords();
  if (search === '' && !differs) return null;
  const wanted = search.toLowerCase();
  return fields.filter((field) => {
    const text = [words.label(field), words.help(field), words.section(field), field.key].join(' ');
    const isFound = text.toLowerCase().includes(wanted);
    return isFound && (!differs || !isSame(form.typedOf(field), field.usual));
  });
}

const isAbout = (key: string) => (problem: { readonly path: string }) =>
  problem.path === key || problem.path.startsWith(`${key}.`);

function Sections({ fields, form }: { readonly fields: readonly Field[]; readonly form: Form }) {
  const words = useFieldWords();
  const { canWrite } = useConnection();
  const sections = Map.groupBy(fields, sectionOf);
  return (
    <SimpleGrid cols={{ base: 1, lg: sections.size > 1 ? 2 : 1 }} spacing="lg">
      {[...sections].map(([section, inIt]) => {
        const [first] = inIt;
        return (
          <Section key={section} title={first ? words.section(first) : section}>
            <SimpleGrid cols={{ base: 1, sm: sections.size > 1 ? 1 : 2, xl: 2 }} spacing="md">
              {inIt.map((field) => (
                <RuleField
                  key={field.key}
                  field={field}
                  value={form.typedOf(field)}
                  isReadOnly={!canWrite}
                  error={form.problems.find(isAbout(field.key))?.message ?? null}
                  onChange={(value) => form.set(field.key, value)}
                  onReset={() => form.reset(field)}
                />
              ))}
            </SimpleGrid>
          </Section>
        );
      })}
    </SimpleGrid>
  );
}

function Save({ form, shown }: { readonly form: Form; readonly shown: readonly Field[] }) {
  const { t } = useTranslation('rules');
  const { changed, error, problems, note, setNote } = form;
  // What stands beside a field that is shown needs no second telling.
  const isBeside =
    problems.length > 0 && problems.every((problem) => shown.some(({ key }) => isAbout(key)(problem)));
  return (
    <>
      {changed.length > 0 && <NoteField value={note} onChange={setNote} />}
      {error && !isBeside && <ProblemAlert error={error} />}
      <Group>
        <DeedButton type="submit" isBlocked={changed.length === 0} isPending={form.isPending}>
          {t('saveDraft')}
        </DeedButton>
        {changed.length > 0 && (
          <DeedButton variant="default" onClick={form.forget}>
            {t('forget')}
          </DeedButton>
        )}
        <Text size="sm" c="dimmed" role="status">
          {changed.length > 0 ? t('unsaved', { count: changed.length }) : t('saveWhat')}
        </Text>
      </Group>
    </>
  );
}
