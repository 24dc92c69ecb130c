import type { AlertWords } from './alert-words.ts';

export const ALERTS_PL: AlertWords = {
  alerts: {
    connection_lost: {
      title: 'Zoho nie przyjmuje już naszego dostępu do {org}; nic nie jest czytane ani zapisywane',
      todo: 'Połącz ponownie: otwórz /connect albo uruchom zcv connect --name {connection} z nowym kodem z konsoli API',
    },
    owner_left: {
      title: 'Użytkownik Zoho {user}, w którego imieniu połączono {org}, nie jest już aktywny',
      todo: 'Połącz organizację ponownie jako użytkownik, który zostaje: zcv connect --name {connection}',
    },
    no_good_run: {
      title:
        'Od {since} żaden przebieg nie zakończył się dobrze; pominięte zaplanowane przebiegi: {missed:number}',
      todo: 'Sprawdź, dlaczego ostatni się nie udał: zcv doctor --connection {connection}, potem uruchom ręcznie: zcv run',
    },
    channel_expiring: {
      title: '[Zoho powiadamia nas tylko do {ends}][Zoho o niczym nas nie powiadomiło od {ended}]',
      todo: 'Sprawdź, czy zcv serve działa i czy PUBLIC_URL jest dostępny z zewnątrz; do tego czasu zmiany znajduje cogodzinna synchronizacja',
    },
    channels_failing: {
      title: 'Nie udało się odnowić powiadomień Zoho[: {modules}]',
      todo: 'Zmiany są tymczasem znajdowane przez odpytywanie. Sprawdź zcv channels test; jeśli brakuje zakresu, połącz ponownie ze wszystkimi zakresami z docs/scopes.md',
    },
    webhook_gap: {
      title:
        'Porównanie z Zoho wykryło zmiany, o których nikt nam nie powiedział: {missed:number}[ ({modules})]',
      todo: 'Zostały naprawione. Jeśli się powtórzy, sprawdź kanały: zcv doctor --connection {connection}',
    },
    credits_low: {
      title:
        'Kończą się kredyty API: wydano {spent:number} z {ceiling:number} w ciągu 24 godzin[, w tym tempie {forecast:number}][; bez wywołań przed {until}]',
      todo: 'Praca ruszy sama, gdy kredyty wrócą. Możesz też podnieść credits.ceilingPercent w fields.yaml albo sprawdzić w Zoho, kto jeszcze je zużywa (Setup > Developer Hub > APIs & SDKs)',
    },
    writes_refused: {
      title:
        'Zoho odrzuciło {percent:number} % ostatnich zapisów: {rejected:number} z {tried:number} ({codes})',
      todo: 'Napraw to, co mówią kody (docs/alerts.md, zcv doctor --connection {connection}), potem: zcv retry-failed {run}',
    },
    plan_held: {
      title: 'Plan {planId} jest wstrzymany i nic nie zapisano: {reason}',
      todo: 'Obejrzyj go przez zcv plan --diff, potem: zcv plan approve {planId} albo zcv plan reject {planId}',
    },
    canary_stopped: {
      title:
        'Pierwsze rekordy planu {planId}[ ({records:number})] nie pozostały takie, jak je zapisano; reszta czeka',
      todo: 'Obejrzyj te rekordy w Zoho, potem: zcv plan approve {planId} albo zcv plan reject {planId}',
    },
    undone: {
      title: 'Przebieg został cofnięty; nic nie będzie zapisane, dopóki plan nie zostanie zatwierdzony',
      todo: 'Obejrzyj następny plan przez zcv plan --diff, potem: zcv plan approve ID',
    },
    schema_drift: {
      title: 'Pola, których używamy, zmieniły się w Zoho i nie są czytane ani zapisywane: {fields}',
      todo: 'Uruchom zcv doctor --connection {connection}: powie o każdym polu, co się stało i jak to naprawić',
    },
    fields_full: {
      title: 'W organizacji nie ma miejsca na wszystkie nasze pola; nieutworzone: {left:number}[ ({fields})]',
      todo: 'Usuń pola własne, których nikt nie używa, potem: zcv fields apply; albo poprzestań na mniejszej liczbie naszych pól: zcv fields apply --set essential lub --max LICZBA',
    },
    unmatched_money: {
      title: '{percent:number} % pieniędzy z wygranych transakcji i faktur nie należy do żadnego klienta',
      todo: 'Uruchom zcv assess --connection {connection}: wymienia je; przypisz tym transakcjom w Zoho firmę lub kontakt',
    },
    currency_rate_missing: {
      title: 'Kwoty w obcej walucie są pominięte, bo ich kurs nie jest znany: {records:number}',
      todo: 'Ustaw currency.rateDirection w scoring.yaml (zcv doctor pokazuje transakcję na oba sposoby) i kursy w Zoho (Setup > Company Settings > Currencies)',
    },
    time_data_stopped: {
      title: 'Od {since} nikt nie podał czasu pracy; koszt obsługi jest niepełny',
      todo: 'Poproś o ponowne wypełnianie Minutes Spent albo usuń perHour ze scoring.yaml, jeśli czasu już się nie notuje',
    },
    model_worse: {
      title:
        'Na dawnych danych prognoza była gorsza niż prosta reguła (błąd {model:count} zakupu na klienta, reguły {simple:count})',
      todo: 'Nic się nie zepsuło: traktuj oczekiwane zyski ostrożnie; zcv explain pokazuje, na czym się opierają',
    },
    fields_edited: {
      title: 'Ludzie zmienili pola, które wypełniamy: {fields:number}',
      todo: 'zcv plan --diff je wymienia; o tym, co się z nimi stanie, decyduje writeBack.onEdit w fields.yaml',
    },
    settings_broken: {
      title: 'Ustawień {connection} nie da się użyć[: {name}]; obowiązują ostatnie dobre',
      todo: 'Popraw je: zcv settings validate --connection {connection} podaje plik i wiersz',
    },
    update_pending: {
      title: 'Baza danych i ta wersja nie pasują do siebie: {migrations}',
      todo: 'Uruchom wszystkie serwery i workery w najnowszej wersji',
    },
    backup_missing: {
      title: 'Żadna kopia zapasowa się nie udała[ od {since}][: {why}]',
      todo: 'zcv backup pokaże, co jest nie tak; sprawdź BACKUP_DIR, wolne miejsce i właściciela katalogu',
    },
    endpoint_disabled: {
      title: 'Zdarzenia nie są już wysyłane do punktu {endpoint} ({why})',
      todo: 'Napraw odbiorcę, potem: zcv events enable {endpoint}; zcv events log pokazuje, co przepadło, a zcv events resend wysyła to ponownie',
    },
    mail_failed: {
      title: 'Nie udało się wysłać wiadomości: {messages:number}[ ({why})]',
      todo: 'Sprawdź serwer poczty przez zcv mail test --to ADRES i popraw SMTP_URL lub adres: zcv mail recipients',
    },
  },
  held: {
    undone: 'wcześniejszy przebieg został cofnięty',
    tier_changes: 'zbyt wielu klientów zmieniłoby klasę',
    profit_leaps: 'zyski skaczą zbyt daleko',
    new_tasks: 'zbyt wiele nowych zadań',
    partial_sync: 'modułu nie dało się odczytać w całości',
    credits: 'kosztuje więcej kredytów API, niż wolno wydać',
  },
  severity: { info: 'Informacja', warning: 'Ostrzeżenie', critical: 'Krytyczne' },
  change: { opened: 'Nowe', worsened: 'Gorzej', recovered: 'Minęło' },
  since: 'od {since}',
  look: 'Więcej: {link}',
  stop: 'Nie chcę więcej takich wiadomości: {link}',
  askToStop: 'Jeśli nie chcesz więcej takich wiadomości, powiedz o tym osobie prowadzącej tę usługę.',
};
