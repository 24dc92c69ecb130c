import {
  ActionIcon,
  Group,
  NativeSelect,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES } from './texts.ts';

/** Language, and light or dark; both are kept in this browser. */
export function Choices() {
  const { t, i18n } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <Group gap="xs" wrap="nowrap">
      <NativeSelect
        size="xs"
        aria-label={t('language')}
        value={i18n.resolvedLanguage ?? 'en'}
        data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        onChange={({ currentTarget }) => {
          const language = LANGUAGES.find((known) => known === currentTarget.value);
          if (language) void chooseLanguage(language);
        }}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t(isDark ? 'toLight' : 'toDark')}
        title={t(isDark ? 'toLight' : 'toDark')}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
    </Group>
  );
}
