import type { DoctorWords } from './doctor-words.ts';

const FIELDS_AGAIN = 'zcv fields apply --yes';
const MARGIN_REPAIR = 'Ustaw money.defaultMarginPercent w scoring.yaml albo przypisz koszt w fields.yaml';

export const DOCTOR_PL: DoctorWords = {
  findings: {
    'database.not_in_force': {
      message: '{why}',
      repair: 'Zrób to, co mówi komunikat (docs/backup.md); do tego czasu nic nie działa',
    },
    'database.answers': { message: 'Baza danych odpowiada; połączenia: {connections}', repair: null },
    'backup.failed': {
      message: 'Ostatnia kopia zapasowa się nie udała ({why}); {newest}',
      repair:
        'Uruchom zcv backup i przeczytaj, co mówi; sprawdź BACKUP_DIR, wolne miejsce i właściciela katalogu',
    },
    'backup.old': {
      message: 'Brak kopii zapasowej od {days} dni: {newest}',
      repair: 'Uruchom zcv serve lub workera: zadanie backup robi kopię każdej nocy (zcv schedule)',
    },
    'backup.nightly': { message: 'Kopie zapasowe powstają każdej nocy; {newest}', repair: null },
    'backup.off': { message: 'Kopie zapasowe nie powstają same (BACKUP_DIR); {newest}', repair: null },
    'config.broken': {
      message: 'Ustawień tego połączenia nie da się użyć: {problems}',
      repair:
        'Popraw wskazany plik albo wróć do zapisanej wersji: zcv settings rollback; do tego czasu nic nie działa',
    },
    'config.currency': {
      message: 'Ustawienia podają kwoty w {foreign}; waluta organizacji to {home}',
      repair: 'Zapisz kwoty w scoring.yaml w {home}',
    },
    'config.valid': { message: 'Środowisko i ustawienia są poprawne', repair: null },
    'connection.none': {
      message: 'Żadna organizacja nie jest jeszcze połączona',
      repair: 'zcv connect --grant-code … albo zcv demo, aby rozejrzeć się bez Zoho',
    },
    'zoho.unchecked': { message: 'Nie sprawdzono: Zoho nie dało dostępu', repair: '{repair}' },
    'zoho.error': { message: '{error}', repair: '{repair}' },
    'token.good': { message: 'Zoho przyjmuje token użytkownika {user}', repair: null },
    'clock.unknown': { message: 'Zoho nie podało czasu do porównania', repair: null },
    'clock.agrees': { message: 'Ten zegar i zegar Zoho są zgodne', repair: null },
    'clock.off': {
      message: 'Ten zegar różni się od zegara Zoho o {seconds} s',
      repair: 'Ustaw zegar tego komputera przez NTP',
    },
    'scopes.granted': { message: 'Wszystkie uprawnienia są przyznane', repair: null },
    'scopes.missing': {
      message: 'Nieprzyznane uprawnienia: {scopes}',
      repair:
        'Utwórz kod ze wszystkimi uprawnieniami z docs/scopes.md, a potem: zcv connect --name {connection} --grant-code …',
    },
    'module.read': { message: 'Moduł {module} można odczytać', repair: null },
    'module.essential': {
      message: '{module}: {problem}',
      repair:
        'Poproś administratora, aby dał połączonemu użytkownikowi ten moduł, albo połącz jako administrator',
    },
    'module.optional': {
      message: '{module}: {problem}',
      repair: 'Ocena działa bez niego; administrator może dać połączonemu użytkownikowi ten moduł',
    },
    'history.off': {
      message: 'Historia etapów nie jest czytana: stageHistory ma wartość off',
      repair: null,
    },
    'history.read': {
      message: 'Historia etapów mówi, kiedy transakcje wygrano i przegrano',
      repair: null,
    },
    'history.unread': {
      message: 'Nie można odczytać historii etapów ({problem}): zastępują ją daty zamknięcia',
      repair:
        'Poproś administratora, aby pokazał połączonemu użytkownikowi {module}, albo ustaw stageHistory: off w fields.yaml',
    },
    'fields.none': { message: 'Żadne z naszych pól nie jest utworzone w organizacji', repair: FIELDS_AGAIN },
    'fields.gone': {
      message: 'Pola usunięte w Zoho: {fields}; są pomijane, pozostałe są zapisywane',
      repair: FIELDS_AGAIN,
    },
    'fields.all': { message: 'Są wszystkie nasze pola ({count})', repair: null },
    'fields.lacking': {
      message: 'Nieutworzone: {fields}; pozostałe pola ({count}) są zapisywane',
      repair: FIELDS_AGAIN,
    },
    'fields.full': {
      message:
        'Nieutworzone: {fields}; pozostałe pola ({count}) są zapisywane. {modules}: limit {limit} pól własnych tej edycji jest wyczerpany',
      repair: `Usuń w Zoho pola własne, których nikt nie używa, a potem: ${FIELDS_AGAIN}`,
    },
    'costs.no_field': {
      message:
        'Moduł Deals nie ma pola {fields}, które podaje mapping.deals w fields.yaml; reszta działa dalej',
      repair: 'Popraw mapping.deals w fields.yaml',
    },
    'costs.read': { message: 'Koszty transakcji są czytane z {field}', repair: null },
    'margin.set': {
      message: 'Żadna transakcja nie podaje kosztu: przyjmujemy marżę {percent} %',
      repair: null,
    },
    'margin.default': {
      message:
        'Żadna transakcja nie podaje kosztu: przyjmujemy marżę {percent} %, domyślną, której nikt nie potwierdził',
      repair: MARGIN_REPAIR,
    },
    'margin.default_rest': {
      message:
        'Transakcje bez wartości w {field} nie podają kosztu: przyjmujemy marżę {percent} %, domyślną, której nikt nie potwierdził',
      repair: MARGIN_REPAIR,
    },
    'currency.home': { message: 'Wszystkie kwoty są w {home}', repair: null },
    'currency.known': { message: 'Kwoty w obcej walucie: {direction} przez kurs z transakcji', repair: null },
    'currency.none': {
      message: 'Organizacja ma kilka walut, ale żadnej transakcji w innej niż {home}',
      repair: null,
    },
    'currency.withheld': {
      message:
        'Kwoty w obcej walucie są wstrzymane: nie wiadomo, jak działa kurs. „{name}”, {amount} {currency} po {rate}, dałoby divide: {divided} {home} albo multiply: {multiplied} {home}',
      repair: 'Ustaw currency.rateDirection w scoring.yaml tak, aby kwota była właściwa',
    },
    'mappings.read': { message: 'Każde przypisane pole można odczytać', repair: null },
    'mappings.paused': {
      message:
        '{module}.{field} jest wstrzymane[ od {since}] ({reason}): to, co odczytano, zostaje, reszta działa dalej',
      repair: 'W Zoho lub w fields.yaml: {repair}; następna synchronizacja podejmie to na nowo',
    },
    'set_aside.none': { message: 'Każdy rekord, który dało Zoho, udało się odczytać', repair: null },
    'set_aside.some': {
      message: 'Rekordy odłożone, bo nie da się odczytać wartości: {records}[ i jeszcze {more}]',
      repair: 'Popraw te wartości w Zoho; następna synchronizacja odczyta rekordy ponownie',
    },
    'purchases.deals': {
      message: 'Zakupy to wygrane transakcje i nic z importu nie liczy się podwójnie',
      repair: null,
    },
    'purchases.twice': {
      message:
        'Zaimportowane faktury bez deal_id stoją obok wygranych transakcji: {sums}; ten sam handel może liczyć się podwójnie',
      repair:
        'Wypełnij deal_id w pliku albo ustaw purchase.from: imports w scoring.yaml, aby transakcje nie były zakupami (docs/imports.md)',
    },
    'purchases.imports': { message: 'Zakupy to zaimportowane dokumenty; pliki: {files}', repair: null },
    'purchases.no_imports': {
      message: 'Zakupy to zaimportowane dokumenty, a żadnego nie ma: żaden klient nie ma zakupu',
      repair: 'zcv purchases import FILE albo ustaw purchase.from: deals w scoring.yaml',
    },
    'purchases.crm': { message: 'Zakupy to {documents} z CRM', repair: null },
    'purchases.crm_and_imports': {
      message: 'Zakupy to {documents} z CRM, a obok nich liczą się zaimportowane dokumenty (pliki: {files})',
      repair: 'Usuń to, co jest też w CRM (zcv purchases list), albo ustaw purchase.from: imports',
    },
    'options.known': { message: 'Opcje podane w ustawieniach są opcjami organizacji', repair: null },
    'options.unknown': {
      message: '{named}',
      repair: 'Podaj je w scoring.yaml tak, jak pokazuje je organizacja, np. {options}',
    },
    'owners.nobody': {
      message: 'Reguły scenariusza nie wskazują nikogo po adresie e-mail',
      repair: null,
    },
    'owners.unread': {
      message: 'Użytkownicy organizacji nie są jeszcze odczytani; zrobi to zcv sync',
      repair: null,
    },
    'owners.active': {
      message: 'Osoby wskazane w regułach scenariusza są aktywnymi użytkownikami',
      repair: null,
    },
    'owners.wrong': {
      message: '{wrong}',
      repair:
        'Podaj w playbook.yaml aktywnego użytkownika CRM; kogo właśnie dodano lub aktywowano, tego znamy po zcv sync',
    },
    'channels.none': {
      message: 'Brak PUBLIC_URL, więc Zoho nie może nas powiadamiać: zmiany znajduje odczyt',
      repair: null,
    },
    'channels.not_yet': {
      message: 'Zoho jeszcze o niczym nas nie powiadamia: zmiany znajduje odczyt',
      repair: 'Uruchom zcv serve z PUBLIC_URL; otworzy kanał',
    },
    'channels.refused': {
      message: 'Zmiany w {module} znajduje odczyt: {why}',
      repair:
        'Pozwól połączonemu użytkownikowi widzieć {module} albo usuń go z notifications.modules w fields.yaml',
    },
    'channels.unheard': {
      message:
        'Kanał {channel} dla {events} nie powiadomił o zmianach, które znalazły synchronizacje: {changes}',
      repair: 'zcv channels test powie, co jest nie tak',
    },
    'channels.alive': {
      message: 'Kanał {channel} dla {events} działa do {until}, ostatnio słyszany: {heard}',
      repair: null,
    },
    'channels.ended': {
      message: 'Kanał {channel} dla {events} zakończył się {until}',
      repair: 'Uruchom zcv serve: ponownie otworzy kanał i odczyta, co pominięto',
    },
    'credits.enough': { message: '{account}', repair: null },
    'credits.scarce': {
      message: '{account}',
      repair: 'Kredyty wracają 24 godziny po zużyciu; albo zwiększ credits.ceilingPercent w fields.yaml',
    },
    'credits.parked': {
      message: '{account}. Żadnych wywołań przed {until}: {why}',
      repair: 'Poczekaj; praca ruszy wtedy sama. Albo zwiększ credits.ceilingPercent w fields.yaml',
    },
    'credits.parked_by_zoho': {
      message: '{account}. Żadnych wywołań przed {until}: {why}',
      repair:
        'Poczekaj; praca ruszy wtedy sama. Sprawdź w Zoho, Setup > Developer Hub > APIs & SDKs, kto zużywa kredyty',
    },
    'jobs.fine': { message: 'Żadne zadanie nie upadło na dobre', repair: null },
    'jobs.dead': {
      message: 'Zadania, które upadły na dobre: {count}; ostatnie, {job}: {error}',
      repair:
        'zcv jobs dead je wymienia; gdy przyczyna zniknie: zcv jobs retry --all albo z --delete, aby o nich zapomnieć',
    },
    'workers.alive': {
      message: 'Procesy wykonujące zadania: {count}, ostatni znak o {at}; do wykonania: {due}',
      repair: null,
    },
    'workers.idle': {
      message: 'Żaden proces nie wykonuje teraz zadań i żadne zadanie nie czeka na wykonanie',
      repair: null,
    },
    'workers.none': {
      message: 'Zadania do wykonania: {due}, a żaden proces ich nie wykonuje',
      repair: 'Uruchom zcv serve; obok zcv serve --no-jobs uruchom zcv worker',
    },
    'mail.off': { message: 'Poczta nie jest wysyłana: SMTP_URL nie jest ustawiony', repair: null },
    'mail.no_server': {
      message: 'Są odbiorcy ({recipients}), a nie ma serwera poczty: nic nie jest wysyłane',
      repair: 'Ustaw SMTP_URL',
    },
    'mail.unsent': { message: 'Nie można wysłać poczty ({problem})', repair: '{repair}' },
    'mail.heard': {
      message: 'Serwer poczty przyjmuje nasze logowanie; odbiorcy: {recipients}',
      repair: null,
    },
    'mail.unheard': {
      message: 'Serwer poczty przyjmuje nasze logowanie, ale nikt nie dostaje alertów',
      repair: 'zcv mail recipients add ADDRESS --connection {connection}',
    },
    'alerts.none': { message: 'Nic na Ciebie nie czeka', repair: null },
    'alerts.open': { message: 'Od {at}: {title}', repair: '{todo}' },
    'refusals.none': { message: 'Zoho nie odmawia niczego, co zapisujemy', repair: null },
    'refusals.some': {
      message: 'Zoho odmówiło i dotąd nie przyjęło: {counts}',
      repair: '{repairs}',
    },
  },
  phrases: {
    and: ' i ',
    newest_backup: 'najnowsza, {file}, jest z {at}',
    no_backup: 'żadnej kopii jeszcze nie zrobiono',
    reconnect_with_scopes: 'Połącz ponownie ze wszystkimi uprawnieniami z docs/scopes.md',
    reconnect: 'Połącz ponownie: zcv connect --grant-code …, z nowym kodem z konsoli API',
    wait_until: 'Poczekaj do {at}',
    try_again: 'Spróbuj ponownie za kilka minut',
    read_message: 'Przeczytaj komunikat; dokumentacja objaśnia kod Zoho',
    scope: '{scope} ({breaks})',
    scope_needed: '{scope} (potrzebne)',
    paused_ours: 'wskazuje pole, które sami zapisujemy',
    paused_missing: 'pole nie istnieje',
    paused_removed: 'pole usunięto',
    paused_renamed: 'zmieniono nazwę API',
    paused_retyped: 'typ nie pasuje już do wartości',
    paused_hidden: 'połączony użytkownik nie może go widzieć',
    paused_refused: 'Zoho odmawia go połączonemu użytkownikowi',
    paused_option_gone: 'jednej z naszych opcji już nie ma',
    unread_record: '{module} {id} ({reason})',
    imported: '{amount} {currency}, wierszy: {lines}',
    invoices: 'faktury',
    orders: 'zamówienia',
    unknown_option: '{setting}: „{word}” nie jest opcją organizacji[; czy chodziło o {near}?]',
    no_owner:
      '{setting}: {email} nie jest użytkownikiem organizacji, zadania trafiają do właściciela rekordu',
    inactive_owner:
      '{setting}: {email} nie jest aktywnym użytkownikiem organizacji, zadania trafiają do właściciela rekordu',
    no_escalation: '{setting}: {email} nie jest użytkownikiem organizacji, zadania zostają u właściciela',
    inactive_escalation:
      '{setting}: {email} nie jest aktywnym użytkownikiem organizacji, zadania zostają u właściciela',
    not_heard: 'jeszcze nie',
    credit_account:
      'W ostatnich 24 godzinach zużyto {spent} z {ceiling} kredytów ({percent} % tego, co ma edycja {edition})[; Zoho podało o {at}: zostało {left}]',
    or_more: '{count} lub więcej',
    no_reason: 'przyczyna nieznana',
    mail_no_sender: 'Podaj nadawcę w notify.yaml, mail.from, np. Wartość klienta <wartosc@firma.test>',
    mail_log_in: 'Serwer poczty odmawia logowania: popraw użytkownika i hasło w SMTP_URL',
    mail_name: 'Nazwa serwera poczty jest nieznana: popraw SMTP_URL',
    mail_encryption:
      'Serwer poczty nie oferuje szyfrowania, które przyjmujemy: użyj jego portu STARTTLS (587) lub smtps:// (465)',
    mail_unreached:
      'Sprawdź, czy SMTP_URL podaje właściwy serwer i port i czy ten komputer może się z nim łączyć',
    refusal: '{code}: {repair}',
  },
};
