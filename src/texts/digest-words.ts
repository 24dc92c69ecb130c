import type { Language } from '../domain.ts';

/** Words of the weekly digest, in every language. */

const en = {
  title: '{from:day} – {until:day}: {who}, {customers:n_customers}',
  everybody: 'everybody',
  up: 'Moved up: {n:number}',
  down: 'Moved down: {n:number}',
  move: '{name}: {before:tier} → {after:tier}[, {gold}] (profit of 12 months {profit12:money})',
  gold_move: '{name}: {gold} (profit of 12 months {profit12:money})',
  now_gold: 'now gold',
  not_gold: 'no longer gold',
  at_risk: 'Money at risk: {profit:money} profit of 12 months; leaving: {n:n_customers}',
  won_back: 'Won back: {n:n_customers}',
  lost: 'Lost: {n:n_customers}',
  customer: '{name}, since {since:day} ({profit12:money})',
  tasks:
    'Tasks: {made:number} new, {done:number} done, {notNeeded:number} not needed any more; open {open:number}, of these overdue {overdue:number}',
  overdue: 'Overdue:',
  task: '{subject} (due {dueDay:day})',
  over_cap: 'Not made, beyond the number of a day: {n:number}',
  rest: '{name} ({rule})',
  more: 'and {more:number} more',
  quality:
    'Data: never spoken with {neverContacted:number}, value incomplete {valueIncomplete:number}[, profiles {profilePercent:number} % complete]',
  quality_org:
    'Data of the org: deals no customer explains {unmatchedDeals:number}, records set aside {setAside:number}, oddities {oddities:number}, customers without active owner {ownerless:number}',
} as const;

type DigestWords = { readonly [Key in keyof typeof en]: string };

const nl: DigestWords = {
  title: '{from:day} – {until:day}: {who}, {customers:n_customers}',
  everybody: 'iedereen',
  up: 'Gestegen: {n:number}',
  down: 'Gedaald: {n:number}',
  move: '{name}: {before:tier} → {after:tier}[, {gold}] (winst in 12 maanden {profit12:money})',
  gold_move: '{name}: {gold} (winst in 12 maanden {profit12:money})',
  now_gold: 'nu goud',
  not_gold: 'niet langer goud',
  at_risk: 'Geld in gevaar: {profit:money} winst in 12 maanden; dreigen te vertrekken: {n:n_customers}',
  won_back: 'Teruggewonnen: {n:n_customers}',
  lost: 'Verloren: {n:n_customers}',
  customer: '{name}, sinds {since:day} ({profit12:money})',
  tasks:
    'Taken: {made:number} nieuw, {done:number} gedaan, {notNeeded:number} niet meer nodig; open {open:number}, waarvan te laat {overdue:number}',
  overdue: 'Te laat:',
  task: '{subject} (uiterlijk {dueDay:day})',
  over_cap: 'Niet gemaakt, boven het aantal per dag: {n:number}',
  rest: '{name} ({rule})',
  more: 'en nog {more:number}',
  quality:
    'Gegevens: nooit gesproken {neverContacted:number}, waarde onvolledig {valueIncomplete:number}[, profielen {profilePercent:number} % compleet]',
  quality_org:
    'Gegevens van de organisatie: deals die geen klant verklaart {unmatchedDeals:number}, terzijde gelegde records {setAside:number}, bijzonderheden {oddities:number}, klanten zonder actieve eigenaar {ownerless:number}',
};

const pl: DigestWords = {
  title: '{from:day} – {until:day}: {who}, {customers:n_customers}',
  everybody: 'wszyscy',
  up: 'Awans: {n:number}',
  down: 'Spadek: {n:number}',
  move: '{name}: {before:tier} → {after:tier}[, {gold}] (zysk z 12 miesięcy {profit12:money})',
  gold_move: '{name}: {gold} (zysk z 12 miesięcy {profit12:money})',
  now_gold: 'teraz złoty',
  not_gold: 'już nie złoty',
  at_risk: 'Zagrożone pieniądze: zysk z 12 miesięcy {profit:money}; odchodzi: {n:n_customers}',
  won_back: 'Odzyskani: {n:n_customers}',
  lost: 'Utraceni: {n:n_customers}',
  customer: '{name}, od {since:day} ({profit12:money})',
  tasks:
    'Zadania: nowe {made:number}, wykonane {done:number}, już niepotrzebne {notNeeded:number}; otwarte {open:number}, w tym po terminie {overdue:number}',
  overdue: 'Po terminie:',
  task: '{subject} (termin {dueDay:day})',
  over_cap: 'Nieutworzone, ponad dzienną liczbę: {n:number}',
  rest: '{name} ({rule})',
  more: 'i jeszcze {more:number}',
  quality:
    'Dane: nigdy nie rozmawiano {neverContacted:number}, wartość niepełna {valueIncomplete:number}[, profile kompletne w {profilePercent:number} %]',
  quality_org:
    'Dane organizacji: transakcje bez klienta {unmatchedDeals:number}, rekordy odłożone {setAside:number}, osobliwości {oddities:number}, klienci bez aktywnego właściciela {ownerless:number}',
};

const da: DigestWords = {
  title: '{from:day} – {until:day}: {who}, {customers:n_customers}',
  everybody: 'alle',
  up: 'Steget: {n:number}',
  down: 'Faldet: {n:number}',
  move: '{name}: {before:tier} → {after:tier}[, {gold}] (fortjeneste i 12 måneder {profit12:money})',
  gold_move: '{name}: {gold} (fortjeneste i 12 måneder {profit12:money})',
  now_gold: 'nu guld',
  not_gold: 'ikke længere guld',
  at_risk: 'Penge i fare: {profit:money} fortjeneste i 12 måneder; på vej væk: {n:n_customers}',
  won_back: 'Vundet tilbage: {n:n_customers}',
  lost: 'Mistet: {n:n_customers}',
  customer: '{name}, siden {since:day} ({profit12:money})',
  tasks:
    'Opgaver: {made:number} nye, {done:number} udført, {notNeeded:number} ikke længere nødvendige; åbne {open:number}, heraf overskredet {overdue:number}',
  overdue: 'Overskredet:',
  task: '{subject} (frist {dueDay:day})',
  over_cap: 'Ikke oprettet, ud over antallet pr. dag: {n:number}',
  rest: '{name} ({rule})',
  more: 'og {more:number} til',
  quality:
    'Data: aldrig talt med {neverContacted:number}, værdi ufuldstændig {valueIncomplete:number}[, profiler {profilePercent:number} % udfyldt]',
  quality_org:
    'Data for organisationen: handler uden kunde {unmatchedDeals:number}, poster lagt til side {setAside:number}, særheder {oddities:number}, kunder uden aktiv ejer {ownerless:number}',
};

export const DIGEST: { readonly [L in Language]: DigestWords } = { en, nl, pl, da };
