import type { Language } from '../domain.ts';

/** Pages that people see before and after they are at Zoho, in every language. `{…}` is filled in. */

const en = {
  signed_in: 'You are signed in',
  signed_in_as: 'Signed in as {name}. Connections: {connections}.',
  not_signed_in: 'You are not signed in',
  org_unknown:
    'Your Zoho organisation {org} is not linked here. Ask whoever runs this service for a connect link for your organisation.',
  not_invited:
    'Your Zoho organisation {org} is linked, but you are not its administrator and nobody has invited you. Ask an administrator of your Zoho CRM to invite your e-mail address.',
  stale: 'This answer does not belong to a request that this browser began in the last ten minutes.',
  again: 'Begin again: {path}',
  denied: 'You refused at Zoho; nothing was stored.',
  foreign_server: 'The answer names a server that is not one of Zoho; the code was not used.',
  linked: 'Zoho CRM is linked',
  not_linked: 'Zoho CRM is not linked',
  linked_as: 'The connection "{name}" reads {org}.',
  read_only: 'It is read-only: nothing is written into your Zoho CRM until an administrator here allows it.',
  scope_missing: 'Not granted: {scope}. Without it: {breaks}.',
  scopes_all: 'All permissions that we ask for were granted.',
  may_close: 'You may close this window.',
  go_on: 'Go on with the set-up',
  link_title: 'Link your Zoho CRM',
  link_gone: 'This link was used, has expired or was withdrawn. Ask whoever sent it for a new one.',
  link_for: 'With this link you let us read your Zoho CRM as the connection "{name}".',
  link_admin: 'Sign in at Zoho as an administrator: what your user may not see is left out.',
  link_scopes: 'We ask for these permissions:',
  link_password: 'We never see your password, and you can withdraw the access at Zoho at any time.',
  continue: 'Continue to Zoho',
  sign_in: 'Sign in',
  sign_in_title: 'Sign in as operator',
  sign_in_as: 'This address signs you in as {name}, once.',
  operator_gone: 'This address was used or has expired. Make a new one on the server: zcv admin-link',
  signed_out: 'You are signed out',
  connect_needs:
    'To link an organisation, sign in as its administrator, or as operator with an address of: zcv admin-link',
  may_not: 'Only an administrator of this connection may renew it, and only an operator may make a new one.',
  oauth_refused: 'This request cannot be answered',
  oauth_refused_why:
    'A program sent you here with a request that we do not accept. Tell this to whoever set it up:',
  consent_title: 'Allow access?',
  consent_stale:
    'This request has expired, or this browser did not begin it. Begin again where you came from.',
  consent_no_person: 'You are not signed in as a person with a role. Sign in with Zoho to allow this.',
  consent_no_role:
    '{name}, you have no role on the connection "{connection}", so there is nothing that you could allow. Ask its administrator to invite you.',
  consent_who: '"{client}" asks to act for you, {name}, on the connection "{connection}".',
  consent_viewer:
    'It also asks to note things about customers. As a viewer you may not do that, so it will only read.',
  consent_what: 'If you allow it, it may:',
  scope_read: 'see what a viewer sees: customers, values, reasons, runs, plans and reminders',
  scope_inputs: 'note goodwill and thanks of a customer, and set a phase by hand',
  consent_bounds:
    'It never gets more than your role allows at that moment, and what it notes stands in the audit log under your name. An administrator can end the access at any time.',
  consent_where: 'Afterwards your browser goes back to {host}.',
  consent_allow: 'Allow',
  consent_refuse: 'Refuse',
} as const;

type AccessWords = { readonly [Key in keyof typeof en]: string };
export type AccessText = keyof AccessWords;

const nl: AccessWords = {
  signed_in: 'U bent aangemeld',
  signed_in_as: 'Aangemeld als {name}. Verbindingen: {connections}.',
  not_signed_in: 'U bent niet aangemeld',
  org_unknown:
    'Uw Zoho-organisatie {org} is hier niet gekoppeld. Vraag de beheerder van deze dienst om een koppellink voor uw organisatie.',
  not_invited:
    'Uw Zoho-organisatie {org} is gekoppeld, maar u bent er geen beheerder van en niemand heeft u uitgenodigd. Vraag een beheerder van uw Zoho CRM om uw e-mailadres uit te nodigen.',
  stale: 'Dit antwoord hoort niet bij een verzoek dat deze browser in de laatste tien minuten begon.',
  again: 'Begin opnieuw: {path}',
  denied: 'U hebt bij Zoho geweigerd; er is niets opgeslagen.',
  foreign_server: 'Het antwoord noemt een server die niet van Zoho is; de code is niet gebruikt.',
  linked: 'Zoho CRM is gekoppeld',
  not_linked: 'Zoho CRM is niet gekoppeld',
  linked_as: 'De verbinding "{name}" leest {org}.',
  read_only:
    'Zij is alleen-lezen: er wordt niets in uw Zoho CRM geschreven tot een beheerder hier dat toestaat.',
  scope_missing: 'Niet toegestaan: {scope}. Zonder dat: {breaks}.',
  scopes_all: 'Alle gevraagde rechten zijn toegestaan.',
  may_close: 'U kunt dit venster sluiten.',
  go_on: 'Verder met de inrichting',
  link_title: 'Koppel uw Zoho CRM',
  link_gone: 'Deze link is gebruikt, verlopen of ingetrokken. Vraag de afzender om een nieuwe.',
  link_for: 'Met deze link laat u ons uw Zoho CRM lezen als de verbinding "{name}".',
  link_admin: 'Meld u bij Zoho aan als beheerder: wat uw gebruiker niet mag zien, ontbreekt.',
  link_scopes: 'Wij vragen deze rechten:',
  link_password: 'Wij zien uw wachtwoord nooit, en u kunt de toegang bij Zoho altijd intrekken.',
  continue: 'Verder naar Zoho',
  sign_in: 'Aanmelden',
  sign_in_title: 'Aanmelden als operator',
  sign_in_as: 'Dit adres meldt u één keer aan als {name}.',
  operator_gone: 'Dit adres is gebruikt of verlopen. Maak een nieuw op de server: zcv admin-link',
  signed_out: 'U bent afgemeld',
  connect_needs:
    'Om een organisatie te koppelen meldt u zich aan als haar beheerder, of als operator met een adres van: zcv admin-link',
  may_not:
    'Alleen een beheerder van deze verbinding mag haar vernieuwen, en alleen een operator maakt een nieuwe.',
  oauth_refused: 'Dit verzoek kan niet worden beantwoord',
  oauth_refused_why:
    'Een programma stuurde u hierheen met een verzoek dat wij niet aannemen. Meld dit aan wie het heeft ingericht:',
  consent_title: 'Toegang toestaan?',
  consent_stale:
    'Dit verzoek is verlopen, of deze browser begon het niet. Begin opnieuw waar u vandaan kwam.',
  consent_no_person:
    'U bent niet aangemeld als persoon met een rol. Meld u aan met Zoho om dit toe te staan.',
  consent_no_role:
    '{name}, u hebt geen rol op de verbinding "{connection}", dus er is niets dat u kunt toestaan. Vraag de beheerder ervan u uit te nodigen.',
  consent_who: '"{client}" vraagt om namens u, {name}, te werken op de verbinding "{connection}".',
  consent_viewer:
    'Het vraagt ook om dingen over klanten te noteren. Als kijker mag u dat niet, dus het zal alleen lezen.',
  consent_what: 'Als u het toestaat, mag het:',
  scope_read: 'zien wat een kijker ziet: klanten, waarden, redenen, runs, plannen en herinneringen',
  scope_inputs: 'coulance en bedankjes van een klant noteren, en een fase met de hand zetten',
  consent_bounds:
    'Het krijgt nooit meer dan uw rol op dat moment toestaat, en wat het noteert staat onder uw naam in het auditlogboek. Een beheerder kan de toegang altijd beëindigen.',
  consent_where: 'Daarna gaat uw browser terug naar {host}.',
  consent_allow: 'Toestaan',
  consent_refuse: 'Weigeren',
};

const pl: AccessWords = {
  signed_in: 'Zalogowano',
  signed_in_as: 'Zalogowano jako {name}. Połączenia: {connections}.',
  not_signed_in: 'Nie zalogowano',
  org_unknown:
    'Organizacja Zoho {org} nie jest tu połączona. Poproś osobę prowadzącą tę usługę o link do połączenia organizacji.',
  not_invited:
    'Organizacja Zoho {org} jest połączona, ale nie jesteś jej administratorem i nikt Cię nie zaprosił. Poproś administratora Zoho CRM o zaproszenie Twojego adresu e-mail.',
  stale:
    'Ta odpowiedź nie należy do żądania, które ta przeglądarka rozpoczęła w ciągu ostatnich dziesięciu minut.',
  again: 'Zacznij od nowa: {path}',
  denied: 'Odmówiono zgody w Zoho; niczego nie zapisano.',
  foreign_server: 'Odpowiedź wskazuje serwer, który nie należy do Zoho; kodu nie użyto.',
  linked: 'Zoho CRM jest połączone',
  not_linked: 'Zoho CRM nie jest połączone',
  linked_as: 'Połączenie „{name}” czyta {org}.',
  read_only:
    'Jest tylko do odczytu: nic nie zostanie zapisane w Zoho CRM, dopóki administrator tutaj na to nie pozwoli.',
  scope_missing: 'Nie przyznano: {scope}. Bez tego: {breaks}.',
  scopes_all: 'Przyznano wszystkie uprawnienia, o które prosimy.',
  may_close: 'Możesz zamknąć to okno.',
  go_on: 'Przejdź do konfiguracji',
  link_title: 'Połącz swoje Zoho CRM',
  link_gone: 'Ten link został użyty, wygasł lub został wycofany. Poproś nadawcę o nowy.',
  link_for: 'Tym linkiem pozwalasz nam czytać Twoje Zoho CRM jako połączenie „{name}”.',
  link_admin: 'Zaloguj się w Zoho jako administrator: czego nie widzi Twój użytkownik, tego zabraknie.',
  link_scopes: 'Prosimy o te uprawnienia:',
  link_password: 'Nigdy nie widzimy Twojego hasła, a dostęp możesz w każdej chwili wycofać w Zoho.',
  continue: 'Dalej do Zoho',
  sign_in: 'Zaloguj',
  sign_in_title: 'Logowanie operatora',
  sign_in_as: 'Ten adres loguje Cię jeden raz jako {name}.',
  operator_gone: 'Ten adres został użyty lub wygasł. Utwórz nowy na serwerze: zcv admin-link',
  signed_out: 'Wylogowano',
  connect_needs:
    'Aby połączyć organizację, zaloguj się jako jej administrator albo jako operator adresem z: zcv admin-link',
  may_not: 'Tylko administrator tego połączenia może je odnowić, a nowe może utworzyć tylko operator.',
  oauth_refused: 'Na to żądanie nie można odpowiedzieć',
  oauth_refused_why:
    'Program skierował Cię tu z żądaniem, którego nie przyjmujemy. Przekaż to osobie, która go skonfigurowała:',
  consent_title: 'Zezwolić na dostęp?',
  consent_stale:
    'To żądanie wygasło albo nie rozpoczęła go ta przeglądarka. Zacznij od nowa tam, skąd przychodzisz.',
  consent_no_person: 'Nie zalogowano osoby, która ma rolę. Zaloguj się przez Zoho, aby zezwolić.',
  consent_no_role:
    '{name}, nie masz roli w połączeniu „{connection}”, więc nie ma na co zezwolić. Poproś jego administratora o zaproszenie.',
  consent_who: '„{client}” prosi o działanie w Twoim imieniu, {name}, w połączeniu „{connection}”.',
  consent_viewer:
    'Prosi też o zapisywanie informacji o klientach. Jako obserwator nie masz do tego prawa, więc będzie tylko czytać.',
  consent_what: 'Jeśli zezwolisz, będzie mogło:',
  scope_read: 'widzieć to, co widzi obserwator: klientów, wartości, powody, przebiegi, plany i przypomnienia',
  scope_inputs: 'zapisywać gesty dobrej woli i podziękowania dla klienta oraz ustawiać fazę ręcznie',
  consent_bounds:
    'Nigdy nie dostanie więcej, niż w danej chwili pozwala Twoja rola, a to, co zapisze, widnieje w dzienniku audytu pod Twoim nazwiskiem. Administrator może w każdej chwili zakończyć dostęp.',
  consent_where: 'Potem przeglądarka wróci do {host}.',
  consent_allow: 'Zezwól',
  consent_refuse: 'Odmów',
};

const da: AccessWords = {
  signed_in: 'Du er logget ind',
  signed_in_as: 'Logget ind som {name}. Forbindelser: {connections}.',
  not_signed_in: 'Du er ikke logget ind',
  org_unknown:
    'Din Zoho-organisation {org} er ikke forbundet her. Bed den, der driver tjenesten, om et link til at forbinde organisationen.',
  not_invited:
    'Din Zoho-organisation {org} er forbundet, men du er ikke administrator af den, og ingen har inviteret dig. Bed en administrator af jeres Zoho CRM om at invitere din e-mailadresse.',
  stale:
    'Dette svar hører ikke til en anmodning, som denne browser begyndte inden for de sidste ti minutter.',
  again: 'Begynd igen: {path}',
  denied: 'Du afslog hos Zoho; intet blev gemt.',
  foreign_server: 'Svaret nævner en server, der ikke er Zohos; koden blev ikke brugt.',
  linked: 'Zoho CRM er forbundet',
  not_linked: 'Zoho CRM er ikke forbundet',
  linked_as: 'Forbindelsen "{name}" læser {org}.',
  read_only: 'Den er skrivebeskyttet: intet skrives i jeres Zoho CRM, før en administrator her tillader det.',
  scope_missing: 'Ikke givet: {scope}. Uden den: {breaks}.',
  scopes_all: 'Alle de tilladelser, vi beder om, blev givet.',
  may_close: 'Du kan lukke vinduet.',
  go_on: 'Fortsæt opsætningen',
  link_title: 'Forbind jeres Zoho CRM',
  link_gone: 'Dette link er brugt, udløbet eller trukket tilbage. Bed afsenderen om et nyt.',
  link_for: 'Med dette link lader du os læse jeres Zoho CRM som forbindelsen "{name}".',
  link_admin: 'Log ind hos Zoho som administrator: det, din bruger ikke må se, udelades.',
  link_scopes: 'Vi beder om disse tilladelser:',
  link_password: 'Vi ser aldrig din adgangskode, og du kan når som helst trække adgangen tilbage hos Zoho.',
  continue: 'Videre til Zoho',
  sign_in: 'Log ind',
  sign_in_title: 'Log ind som operatør',
  sign_in_as: 'Denne adresse logger dig ind som {name}, én gang.',
  operator_gone: 'Denne adresse er brugt eller udløbet. Lav en ny på serveren: zcv admin-link',
  signed_out: 'Du er logget ud',
  connect_needs:
    'For at forbinde en organisation skal du logge ind som dens administrator eller som operatør med en adresse fra: zcv admin-link',
  may_not: 'Kun en administrator af denne forbindelse kan forny den, og kun en operatør kan lave en ny.',
  oauth_refused: 'Denne anmodning kan ikke besvares',
  oauth_refused_why:
    'Et program sendte dig hertil med en anmodning, som vi ikke tager imod. Fortæl det til den, der satte det op:',
  consent_title: 'Tillad adgang?',
  consent_stale:
    'Denne anmodning er udløbet, eller denne browser begyndte den ikke. Begynd igen der, hvor du kom fra.',
  consent_no_person:
    'Du er ikke logget ind som en person med en rolle. Log ind med Zoho for at tillade dette.',
  consent_no_role:
    '{name}, du har ingen rolle på forbindelsen "{connection}", så der er intet, du kan tillade. Bed dens administrator om at invitere dig.',
  consent_who: '"{client}" beder om at handle for dig, {name}, på forbindelsen "{connection}".',
  consent_viewer:
    'Det beder også om at notere ting om kunder. Som læser må du ikke det, så det vil kun læse.',
  consent_what: 'Hvis du tillader det, må det:',
  scope_read: 'se det, en læser ser: kunder, værdier, grunde, kørsler, planer og påmindelser',
  scope_inputs: 'notere kulance og tak for en kunde og sætte en fase i hånden',
  consent_bounds:
    'Det får aldrig mere, end din rolle tillader i det øjeblik, og det, det noterer, står i revisionsloggen under dit navn. En administrator kan altid afslutte adgangen.',
  consent_where: 'Bagefter går din browser tilbage til {host}.',
  consent_allow: 'Tillad',
  consent_refuse: 'Afslå',
};

const WORDS: { readonly [L in Language]: AccessWords } = { en, nl, pl, da };

/** A text in a language; values stand where their names do. */
export function accessText(
  language: Language,
  key: AccessText,
  values: { readonly [name: string]: string } = {},
): string {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

/** The first of the browser's languages that we speak: "nl-BE,nl;q=0.9" is nl. */
export function languageFrom(accepted: string | undefined): Language {
  const wanted = (accepted ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return wanted.find((one): one is Language => one in WORDS) ?? 'en';
}
