import { LEADS } from './leads.ts';
import { plNames } from './pl-names.ts';
import type { Texts } from './tables.ts';

export const pl: Texts = {
  locale: 'pl-PL',
  reasons: {
    'tier.top':
      'Najlepszy: zysk {profit:money} w ciągu 12 miesięcy daje miejsce wśród najlepszych {percent}% klientów[ (co najmniej {cut:money})].',
    'tier.good': 'Dobry: zysk {profit:money} w ciągu 12 miesięcy[; poziom dobry zaczyna się od {cut:money}].',
    'tier.marginal':
      'Marginalny: zysk {profit:money} w ciągu 12 miesięcy[; poziom dobry zaczyna się od {cut:money}].',
    'tier.loss_making':
      'Przynosi straty: {profit:money} w ciągu 12 miesięcy; największy koszt to {item:item}: {amount:money}.',
    'tier.none.never_bought': 'Brak obrotów: niczego jeszcze nie kupiono.',
    'tier.none.no_business': 'Brak obrotów: nic nie zaksięgowano od {after:day}; ostatni zakup {last:day}.',
    'tier.none.out_of_range':
      'Brak obrotu, który się liczy: kwoty transakcji są nieprawdopodobnie duże; popraw je w Zoho.',
    'tier.none.withheld':
      'Brak obrotów w walucie krajowej: kwoty są w obcej walucie, której kurs nie został potwierdzony.',
    'tier.kept':
      'Obecnie obliczono: {raw:tier}; pokazywany poziom zmieni się, gdy obraz się utrzyma[ (widoczne od {since:day})].',
    'tier.loss_held_back':
      'Ostatnie 12 miesięcy przyniosło stratę; poziom zmieni się dopiero po dwóch kolejnych końcach miesiąca (dotąd: {monthEnds}).',
    'tier.too_few':
      'Za mało klientów z obrotami ({population}, potrzeba {minPopulation}) lub za krótka historia, by wskazać najlepszych i złotych.',
    'tier.break_even.fewer': 'Próg rentowności: o {fewer} mniej w pozycji {item:item}.',
    'tier.break_even.returns':
      'Próg rentowności: o {fewer:n_returns} mniej; samo to kosztowało {lost:money}.',
    'tier.break_even.orders':
      'Próg rentowności: o {fewer:n_orders_below_cost} mniej; samo to przyniosło {lost:money} straty.',
    'tier.break_even.amount': 'Próg rentowności: o {loss:money} więcej marży albo o tyle mniej kosztów.',
    'gold.yes': 'Złoty: wśród najlepszych {percent}%[ (co najmniej {cut:money})].',
    'gold.no': 'Nie złoty: złoci to najlepsze {percent}%[ (co najmniej {cut:money})].',
    'gold.kept': 'Status złoty pozostaje, dopóki obraz się nie utrzyma[; zaczyna się od {cut:money}].',
    'money.window':
      'Od {from:day} do {to:day}: przychód {revenue:money2} - koszt bezpośredni {directCost:money2} - koszt obsługi {costToServe:money2} = zysk {profit:money2}.',
    'money.serve':
      'Koszt obsługi: {item:item} {count:count}[ × {unit:money2}][ ({percent}%)] = {amount:money2}.',
    'money.case_and_minutes': 'Zgłoszenie liczy się raz jako zgłoszenie i raz według minut: oba mają cenę.',
    'money.acquisition': 'Koszt pozyskania, pokazany oddzielnie od zysku: {amount:money2}.',
    'money.before_serve': 'Bez kosztów obsługi: nie podano kosztów jednostkowych.',
    'money.time': 'Czas pracy jest znany dla {known:number} z {activities:n_activities} z tych 12 miesięcy.',
    'money.documents':
      'Zaimportowane dokumenty: {invoices:n_invoices} na {invoiced:money2}, {credits:n_credit_notes} na {credited:money2}.',
    'money.line_costs':
      'Koszt zaimportowanych pozycji: własny koszt {line:number}, marża produktu {product:number}, marża grupy {group:number}, marża domyślna {default:number}.',
    'money.billed': 'Wygrane transakcje liczone przez ich faktury: {deals:number}.',
    'money.unbilled':
      'Zaimportowane faktury bez wskazanej transakcji stoją obok wygranych transakcji: jeśli dotyczą tej samej sprzedaży, liczy się ona podwójnie.',
    'money.imports_withheld':
      'Wartość niepełna: pominięto zaimportowane kwoty w obcej walucie bez kursu (dokumenty {documents:number}, koszty {costs:number}).',
    'money.default_margin':
      'Koszt oszacowano przy marży {percent}% tam, gdzie nie jest znany ani koszt, ani zysk.',
    'money.out_of_range':
      'Wartość niepełna: transakcje o nieprawdopodobnie dużej kwocie pominięto ({deals}); popraw je w Zoho.',
    'money.withheld':
      'Wartość niepełna: transakcje w obcej walucie pominięto do czasu potwierdzenia kierunku kursu ({deals}).',
    'money.price_only':
      'Kupuje wyłącznie ze względu na cenę: {discounted:number} z {known:number} zakupów co najmniej {percent}% poniżej ceny katalogowej lub po najniższej cenie, jaką ktokolwiek zapłacił.',
    'money.year_before': 'Poprzednie 12 miesięcy: przychód {revenue:money}, zysk {profit:money}.',
    'money.last_year': '{year}: przychód {revenue:money}, zysk {profit:money}.',
    'money.year_to_date': '{year} dotychczas: przychód {revenue:money}, zysk {profit:money}.',
    'relationship.since': 'Klient od {first:day}.',
    'relationship.returned': 'Wrócił {on:day}; wcześniej był utracony.',
    'relationship.truncated':
      'Dane zaczynają się {from:day}: wcześniejsze zakupy nie są znane, więc relacja może być starsza.',
    'relationship.first_contact': 'Pierwszy kontakt: {first:day}.',
    'source.known': 'Źródło: {source}.',
    'source.lead': '[Źródło: {source}; ]pozyskany jako lead {on:day}.',
    'family.accounts': 'Liczony razem z {accounts:n_accounts}.',
    'cadence.interval': 'Według zwykłego rytmu następne zamówienie przypada około {next:day}.',
    'cadence.base': 'Według rytmu wszystkich klientów następne zamówienie przypada około {next:day}.',
    'cadence.base_segment':
      'Według rytmu klientów typu {segment} następne zamówienie przypada około {next:day}.',
    'cadence.irregular': 'Kupuje nieregularnie (projekty): czekamy dwa razy dłużej.',
    'cadence.project': 'Kupuje projektami: czekamy dwa razy dłużej.',
    'cadence.late': 'Następne zamówienie jest spóźnione od {since:day}.',
    'contact.last': 'Ostatni kontakt {day:day}: {channel:channel}, {direction:direction}[: „{subject}”].',
    'contact.never': 'Nie jest znany żaden kontakt obustronny.',
    'contact.unanswered': 'Próby kontaktu bez odpowiedzi od tego czasu: {attempts:number}.',
    'contact.slowed':
      'Próby kontaktu bez odpowiedzi od tego czasu: {attempts:number}. Do odpowiedzi kontaktujemy się o połowę rzadziej.',
    'contact.status': 'Następny kontakt zaplanowany najpóźniej na {by:day}; status: {status:status}.',
    'contact.no_plan': 'Dla tego poziomu nie zaplanowano kontaktów.',
    'contact.appointment': 'Spotkanie {on:day}.',
    'contact.channels': '[Odczytano: {read:channels}. ]Nie odczytano: {unread:channels}.',
    'phase.prospect.open_deal': 'Potencjalny klient z otwartą transakcją: {deal}.',
    'phase.prospect.cold': 'Potencjalny klient: jeszcze bez rozmowy.',
    'phase.prospect.contacted': 'Potencjalny klient: ostatni kontakt {last:day}.',
    'phase.prospect.dormant': 'Uśpiony potencjalny klient: ostatni kontakt {last:day}.',
    'phase.new.first': 'Nowy: pierwszy zakup {on:day}.',
    'phase.new.single': 'Nowy: dotąd tylko jeden zakup, {on:day}.',
    'phase.new.won_back': 'Nowy (odzyskany): ponowny zakup {on:day}.',
    'phase.established': 'Stały: ostatni zakup {last:day}.',
    'phase.loyal': 'Lojalny: kupuje regularnie od {since:day}, ostatnio {last:day}.',
    'phase.leaving': 'Odchodzący od {since:day}; ostatni zakup {last:day}.',
    'phase.lost': 'Utracony od {since:day}[; ostatni zakup {last:day}].',
    'phase.lost.overdue': 'Brak następnego zamówienia przez {limit}-krotność zwykłego odstępu.',
    'phase.lost.silence': 'Zbyt długo bez zamówienia; ostatnie było {last:day}.',
    'phase.lost.contract_ended': 'Umowa skończyła się {end:day} i nie została przedłużona.',
    'phase.lost.closed': 'Zamknięty[ ({word})]: bez odzyskiwania i bez przypomnień.',
    'phase.lost.sign_of_touch': 'Sygnał powrotu: klient odezwał się {on:day}.',
    'phase.lost.sign_of_case': 'Sygnał powrotu: zgłoszenie z {on:day}.',
    'phase.lost.sign_of_lead': 'Sygnał powrotu: nowy lead z {on:day}.',
    'phase.lost.sign_of_company': 'Sygnał powrotu: {on:day} pojawił się nowy lead z tej samej firmy.',
    'phase.lost.sign_of_domain':
      'Sygnał powrotu: {on:day} pojawił się nowy lead z adresem w domenie {domain}.',
    'phase.lost.win_back': 'Warto odzyskać: najlepsze 12 miesięcy przyniosło {profit:money}.',
    'phase.lost.win_back_pays':
      'Warto odzyskać: zwykły rok przynosił {profit:money}, a kontakt kosztuje {cost:money}.',
    'phase.lost.running_deal': 'Odzyskiwanie trwa: transakcja {deal} z {on:day} jest otwarta.',
    'phase.lost.running_task': 'Odzyskiwanie trwa: zadanie „{subject}” z {on:day} jest otwarte.',
    'phase.lost.running_appointment': 'Odzyskiwanie trwa: spotkanie {on:day}.',
    'phase.lost.running_touch': 'Odzyskiwanie trwa: odezwaliśmy się {on:day}.',
    'phase.open_deal_blocks_lost': 'Jeszcze nie utracony: transakcja {deal} jest otwarta.',
    'phase.pending': 'Obliczono od {on:day}: {phase:phase}; pokażemy, gdy potwierdzi to druga data.',
    'phase.alive_blocks_lost':
      'Jeszcze nie utracony: mimo ciszy nadal jest klientem z prawdopodobieństwem {alive}%.',
    'phase.contract_blocks_lost': 'Mimo ciszy nie jest utracony: umowa trwa do {end:day}.',
    'phase.override':
      'Ustawiono ręcznie: {phase:phase}, od {on:day} do {until:day} ({by}). Powód: {why:text}',
    'phase.override.computed': 'Według obliczeń: {phase:phase}.',
    'model.none': 'Ocena tylko na podstawie rytmu i faktów: nie ma jeszcze modelu zakupów.',
    'model.not_enough':
      'Za mało danych dla modelu zakupów[ ({gate:gate}: {value:number} z {limit:number})]; ocena tylko na podstawie rytmu i faktów.',
    'model.withheld': 'Brak prognozy: część kwot pominięto, więc nie wszystkie zamówienia są znane.',
    'model.no_repeat': 'Brak prognozy: nikt nie ma jeszcze powtórnego zakupu o jakiejkolwiek wartości.',
    'model.fit':
      'Model zakupów: {model:model}, dopasowany {on:day} do {buyers:n_customers}[; w próbie na ostatniej części okresu suma wyszła {error:off}] (dopasowanie {fit}).',
    'model.no_dropout':
      'Z tych danych nie wynika, kto odszedł, a kto robi przerwę: model podaje tylko kwoty, a fazy wynikają z rytmu i faktów.',
    'model.low_confidence':
      'Model słabo wypadł w próbie: patrz na przedział, nie na samą liczbę; fazy wynikają z rytmu i faktów.',
    'outlook.chance': 'Szansa na zamówienie w ciągu {days} dni: {chance}%.',
    'outlook.alive':
      'Nadal jest klientem z prawdopodobieństwem {alive}%; tak długa cisza zdarza się {silence}% kupujących w tym tempie, którzy zostają.',
    'outlook.profit':
      'Oczekiwany zysk z najbliższych 12 miesięcy: {profit:money}; w {range} na 100 przypadków od {low:money} do {high:money}. W dzisiejszej wartości około {orders:n_orders} × {value:money} × marża {margin}%[ - koszt obsługi {serve:money}].',
    'outlook.lost_by_rhythm': 'Według rytmu ten klient jest utracony: nie oczekuje się zysku.',
    'outlook.ended': 'Relacja się zakończyła: nie oczekuje się zysku.',
    'outlook.contract':
      'Związany umową[ do {end:day}], więc bez modelu zakupów: oczekiwany zysk z najbliższych 12 miesięcy {profit:money}, jak w ostatnich 12, dopóki umowa trwa[; {renewed:money}, jeśli zostanie przedłużona].',
    'outlook.given_back':
      'Wartość kolejnych zamówień została zwrócona: następne zamówienie liczy się jako nic niewarte.',
    'outlook.tier.keeps':
      'Poziom za najbliższe 12 miesięcy, przy dzisiejszych progach: {tier:tier}, jak dziś.',
    'outlook.tier.falls':
      'Poziom za najbliższe 12 miesięcy, przy dzisiejszych progach: {future:tier}, niżej niż dziś ({tier:tier}).',
    'outlook.tier.rises':
      'Poziom za najbliższe 12 miesięcy, przy dzisiejszych progach: {future:tier}, wyżej niż dziś ({tier:tier}).',
    'signal.notice': 'Sygnał odejścia: wypowiedzenie z {since:day}[, umowa do {end:day}].',
    'signal.contract_ends':
      'Sygnał odejścia: umowa kończy się {end:day}, a nie ma otwartej transakcji na jej przedłużenie.',
    'signal.overdue':
      'Sygnał odejścia: brak zamówienia do {since:day}, czyli przez {limit}-krotność zwykłego odstępu.',
    'signal.one_time_buyer':
      'Sygnał odejścia: brak drugiego zamówienia do {since:day}, gdy 9 na 10 klientów już je złożyło.',
    'signal.alive':
      'Sygnał odejścia: nadal jest klientem z prawdopodobieństwem tylko {alive}%, poniżej połowy od {since:day}.',
    'signal.churn_up':
      'Sygnał odejścia: ryzyko braku zamówienia w ciągu 90 dni wzrosło z {before}% do {now}%; tak wiele od {since:day}.',
    'signal.high_case': 'Sygnał odejścia: pilne zgłoszenie „{subject}” otwarte od {opened:day}.',
    'signal.case_past_due': 'Sygnał odejścia: zgłoszenie „{subject}” powinno być rozwiązane do {due:day}.',
    'signal.many_cases': 'Sygnał odejścia: zgłoszenia od {since:day}: {cases}.',
    'signal.revenue_down':
      'Sygnał odejścia: przychód z 6 miesięcy {now:money}, w tych samych miesiącach rok wcześniej {before:money}.',
    'signal.order_size_down': 'Sygnał odejścia: średnie zamówienie {now:money}, wcześniej {before:money}.',
    'signal.range_down':
      'Sygnał odejścia: liczba różnych produktów w 6 miesiącach: {now:number}, w tych samych miesiącach rok wcześniej: {before:number}.',
    'signal.late_payment':
      'Sygnał odejścia: średnie opóźnienie płatności: {now:n_days}, w roku wcześniejszym: {before:n_days}.',
    'signal.silent': 'Sygnał odejścia: ostatni kontakt {last:day}, znacznie po terminie.',
    'signal.survey': 'Sygnał odejścia: ocena w ankiecie {answer:number} na 10.',
    'signal.key_contact_left': 'Sygnał odejścia: główna osoba kontaktowa ({name}) odeszła[ ({on:day})].',
    'signal.competitor': 'Sygnał odejścia: transakcja przegrana z konkurencją {on:day}.',
    'unread.signs': 'Brak danych, które mogłyby wskazać odejście: {signs:signs}.',
    'profile.referred_by': 'Trafił do nas dzięki innemu klientowi.',
    'profile.why_us': 'Dlaczego wybrał nas: {why:text}',
    'profile.needs': 'Potrzeby: {needs:text}',
    'profile.thanked': 'Ostatnie podziękowanie: {on:day}[, {how:text}].',
    'profile.left': 'Powód odejścia: {reason:left}.',
    'profile.loss_reason': 'Transakcja utracona {on:day}, powód: {reason:left}.',
    'profile.open_cases':
      'Może skłonić do odejścia: otwarte zgłoszenia: {cases:number}, najstarsze „{subject}” z {opened:day}.',
    'profile.reviewed': 'Profil sprawdzono: {on:day}.',
    'profile.complete': 'Profil: znanych faktów {known:number} z {facts:number} ({percent}%).',
    'profile.ask.why_us': 'Zapytaj teraz: dlaczego wybrali nas?',
    'profile.ask.needs': 'Zapytaj teraz: czego potrzebują?',
    'profile.ask.deal_breakers': 'Zapytaj teraz: co skłoniłoby ich do odejścia?',
    'profile.ask.source': 'Zapytaj teraz: skąd o nas wiedzą?',
    'profile.ask.thanked': 'Teraz: podziękuj im i zanotuj to.',
    'profile.ask.referrals': 'Zapytaj teraz: komu mogliby nas polecić?',
    'profile.ask.review': 'Profil ma ponad 12 miesięcy: przejrzyj go z klientem.',
    'offer.product': '{product} kupiło {buyers:number} z {customers:number} podobnych klientów, a ten nie.',
    'rfm.name':
      'RFM: {name:rfm}. Świeżość {r:number} z 5: {days:n_days}[ (najwyżej {daysLimit:number})]; częstotliwość {f:number}: {purchases:n_purchases}[ (od {purchasesLimit:number})]; kwota {m:number}: {money:money}[ (od {moneyLimit:money})], w ciągu {months:n_within_months}.',
    'effort.within':
      'Nakład pracy: {spent:n_hours} miesięcznie; {percent}% zysku wystarcza na {budget:number}[, zostało {left:number}].',
    'effort.over':
      'Ponad budżet godzin: {spent:n_hours} miesięcznie; {percent}% zysku wystarcza na {budget:number}.',
    'contribution.referrals':
      'Przyprowadził {referred:n_customers}: zysk w ciągu 12 miesięcy {profit:money}, zaliczono {credited:money} ({percent}%).',
    'contribution.others': 'Inny wkład w ciągu 12 miesięcy: {count:number}, o wartości {amount:money}.',
    'contribution.in_tier': 'Ten wkład liczy się do pozycji: {amount:money} ponad zysk.',
    'goodwill.share':
      'Gesty handlowe: {share:money2} rocznie ({percent}% zysku {profit:money2}), przyznano {used:money2} w ciągu 12 miesięcy, zostało {budget:money2}.',
    'goodwill.none': 'Brak budżetu na gesty handlowe: poziom {tier:tier} przy tym zysku go nie daje.',
    'goodwill.price_only': 'Brak budżetu na gesty handlowe: klient kupuje wyłącznie ze względu na cenę.',
    'goodwill.over':
      'Przekroczony budżet na gesty handlowe: przyznano {used:money2} w ciągu 12 miesięcy, zysk pozwala na {share:money2}.',
    ...LEADS.pl.reasons,
    'next.prospect.open_deal': 'Zajmij się otwartą transakcją „{deal}” z {created:day}',
    'next.prospect.first_meeting': 'Umów pierwsze spotkanie',
    'next.prospect.meet_again': 'Umów spotkanie; ostatni kontakt {last:day}',
    'next.new.welcome_call': 'Rozmowa powitalna do {by:day}',
    'next.new.welcome_back': 'Powitaj po powrocie: rozmowa do {by:day}',
    'next.new.next_order': 'Zapytaj o następne zamówienie około {around:day} (ostatnie {last:day})',
    'next.rhythm': 'Utrzymaj rytm: kontakt zaplanowany do {by:day} (ostatni {last:day})',
    'next.rhythm.offer':
      'Utrzymaj rytm: kontakt zaplanowany do {by:day} (ostatni {last:day}); wspomnij o: {product}',
    'next.rhythm.never_contacted': 'Nawiąż pierwszy kontakt: żaden nie jest jeszcze znany',
    'next.rhythm.no_plan': 'Utrzymaj rytm',
    'next.rhythm.over_effort': 'Odpowiadaj na pytania, nic więcej: zysk nie pokrywa poświęcanego czasu',
    'next.loyal.thank': 'Podziękuj i poproś o polecenie',
    'next.leaving.case': 'Najpierw rozwiąż otwarte zgłoszenie: „{subject}” z {opened:day}',
    'next.leaving.ask': 'Zapytaj, co jest nie tak[; ostatnie zamówienie {last:day}]',
    'next.lost.win_back':
      'Zapisz, dlaczego odszedł; kontakty w celu odzyskania: {first:day}, {second:day} i {third:day}',
    'next.lost.ask_reason': 'Zapisz, dlaczego odszedł[; ostatnie zamówienie {last:day}]',
    'next.lost.nothing': 'Nic do zrobienia; powód odejścia: {reason:left}',
    'next.own': '{pl:text}',
    'next.nothing': 'Nic do zrobienia',
    'next.loss_making.talk': 'Porozmawiaj o {topic:topic}: największy koszt to {item:item}',
  },
  ...plNames,
};
