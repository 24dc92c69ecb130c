import { Anchor, Box, Button, Group, List, Stack, Text, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { ApiProblem } from '../../api/problem.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { Loading } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { DOCUMENT, FORM, VERSIONS } from './keys.ts';
import { NoteField } from './note-field.tsx';

const LEAST_LINES = 12;
const LINE_HEIGHT = '1.5rem';

/** Everything that is stored, as text; what the server finds wrong is told by the line. `version`: the draft, or what is in force; 0: nothing. */
export function YamlEditor({ version }: { readonly version: number }) {
  const { t } = useTranslation('rules');
  const { name: connection } = useConnection();
  const [isOpen, setOpen] = useState(false);
  const stored = useApi(DOCUMENT, { path: { connection, version } }, { isAsked: isOpen && version > 0 });
  const text = version === 0 ? '' : stored.data?.document;
  return (
    <Section
      title={t('yaml.title')}
      what={t('yaml.what')}
      actions={
        <Button variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? 'yaml.close' : 'yaml.open')}
        </Button>
      }
    >
      {isOpen && stored.error && <ProblemAlert error={stored.error} onRetry={() => void stored.refetch()} />}
      {isOpen && !stored.error && text === undefined && <Loading />}
      {/* A version that was stored meanwhile begins anew. */}
      {isOpen && text !== undefined && <Editor key={`${version} ${text}`} stored={text} />}
    </Section>
  );
}

function Editor({ stored }: { readonly stored: string }) {
  const { t } = useTranslation('rules');
  const { name: connection, canWrite } = useConnection();
  const [text, setText] = useState(stored);
  const [note, setNote] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  const save = useWrite('PUT /connections/{connection}/settings/draft', [FORM, VERSIONS]);
  const lines = Math.max(LEAST_LINES, text.split('\n').length);
  const numbers = Array.from({ length: lines }, (_, index) => index + 1);
  const problems = save.error instanceof ApiProblem ? save.error.errors : [];
  const wrong = new Set(problems.map(({ line }) => line));
  const goTo = (line: number) => {
    const from =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    const end = text.indexOf('\n', from);
    area.current?.focus();
    area.current?.setSelectionRange(from, end < 0 ? text.length : end);
  };
  const submit = () => {
    const why = note.trim();
    save.mutate(
      { path: { connection }, body: { document: text, ...(why === '' ? {} : { note: why }) } },
      { onSuccess: ({ version }) => tellDone(t('saved', { version })) },
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <Group gap={4} wrap="nowrap" align="flex-start">
          <Box
            ff="monospace"
            fz="sm"
            pt={9}
            ta="right"
            c="dimmed"
            aria-hidden
            style={{ lineHeight: LINE_HEIGHT }}
          >
            {numbers.map((line) => (
              <Box key={line} {...(wrong.has(line) ? { c: 'var(--mantine-color-error)', fw: 700 } : {})}>
                {line}
              </Box>
            ))}
          </Box>
          <Textarea
            ref={area}
            flex={1}
            aria-label={t('yaml.label')}
            value={text}
            readOnly={!canWrite}
            rows={lines}
            wrap="off"
            spellCheck={false}
            error={problems.length > 0}
            styles={{ input: { fontFamily: 'monospace', lineHeight: LINE_HEIGHT, whiteSpace: 'pre' } }}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
        </Group>
        {problems.length > 0 ? (
          <section role="alert" aria-label={t('yaml.problems')}>
            <List size="sm">
              {problems.map(({ line, path, message }) => (
                <List.Item key={`${path} ${line} ${message}`}>
                  {line != null && (
                    <>
                      <Anchor component="button" type="button" size="sm" onClick={() => goTo(line)}>
                        {t('yaml.line', { line })}
                      </Anchor>{' '}
                    </>
                  )}
                  <Text span size="sm" ff="monospace">
                    {path}
                  </Text>{' '}
                  {message}
                </List.Item>
              ))}
            </List>
          </section>
        ) : (
          save.error && <ProblemAlert error={save.error} />
        )}
        {canWrite && (
          <>
            <NoteField value={note} onChange={setNote} />
            <Group>
              <DeedButton type="submit" isBlocked={text === stored} isPending={save.isPending}>
                {t('yaml.save')}
              </DeedButton>
              <Text size="sm" c="dimmed">
                {t('saveWhat')}
              </Text>
            </Group>
          </>
        )}
      </Stack>
    </form>
  );
}
