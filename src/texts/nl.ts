import { LEADS } from './leads.ts';
import { nlNames } from './nl-names.ts';
import type { Texts } from './tables.ts';

export const nl: Texts = {
  locale: 'nl-NL',
  reasons: {
    'tier.top':
      'Top: de winst van {profit:money} in 12 maanden hoort bij de beste {percent}% van de klanten[ (minstens {cut:money})].',
    'tier.good': 'Goed: winst van {profit:money} in 12 maanden[; goed begint bij {cut:money}].',
    'tier.marginal': 'Marginaal: winst van {profit:money} in 12 maanden[; goed begint bij {cut:money}].',
    'tier.loss_making':
      'Verliesgevend: {profit:money} in 12 maanden; de grootste kostenpost is {item:item} met {amount:money}.',
    'tier.none.never_bought': 'Geen omzet: er is nooit iets gekocht.',
    'tier.none.no_business': 'Geen omzet: niets geboekt sinds {after:day}; laatste aankoop {last:day}.',
    'tier.none.out_of_range':
      'Geen omzet die telt: de bedragen van de deals zijn onwaarschijnlijk groot; verbeter ze in Zoho.',
    'tier.none.withheld':
      'Geen omzet in de eigen valuta: de bedragen zijn in een vreemde valuta waarvan de koers niet is bevestigd.',
    'tier.kept':
      'Nu berekend: {raw:tier}; de getoonde klasse volgt zodra het beeld standhoudt[ (gezien sinds {since:day})].',
    'tier.loss_held_back':
      'De laatste 12 maanden gaven verlies; de klasse verandert pas na twee maandeinden op rij (tot nu toe {monthEnds}).',
    'tier.too_few':
      'Te weinig klanten met omzet ({population}, nodig {minPopulation}) of te weinig historie voor Top en Goud.',
    'tier.break_even.fewer': 'Break-even: {fewer} minder bij {item:item}.',
    'tier.break_even.returns': 'Break-even: {fewer:n_returns} minder; dat alleen al kostte {lost:money}.',
    'tier.break_even.orders':
      'Break-even: {fewer:n_orders_below_cost} minder; dat alleen al gaf {lost:money} verlies.',
    'tier.break_even.amount': 'Break-even: {loss:money} meer marge, of evenveel minder kosten.',
    'gold.yes': 'Goud: hoort bij de beste {percent}%[ (minstens {cut:money})].',
    'gold.no': 'Geen goud: goud is de beste {percent}%[ (minstens {cut:money})].',
    'gold.kept': 'Goud blijft tot het beeld standhoudt[; goud begint bij {cut:money}].',
    'money.window':
      '{from:day} t/m {to:day}: omzet {revenue:money2} - directe kosten {directCost:money2} - bedieningskosten {costToServe:money2} = winst {profit:money2}.',
    'money.serve':
      'Bedieningskosten: {item:item} {count:count}[ × {unit:money2}][ ({percent}%)] = {amount:money2}.',
    'money.case_and_minutes':
      'Een case telt één keer als case en één keer naar minuten: beide hebben een prijs.',
    'money.acquisition': 'Acquisitiekosten, apart van de winst getoond: {amount:money2}.',
    'money.before_serve': 'Vóór bedieningskosten: er zijn geen eenheidskosten ingesteld.',
    'money.time':
      'De werktijd is bekend van {known:number} van de {activities:n_activities} van deze 12 maanden.',
    'money.documents':
      'Geïmporteerde documenten: {invoices:n_invoices} {invoiced:money2}, {credits:n_credit_notes} {credited:money2}.',
    'money.line_costs':
      'Kosten van de geïmporteerde regels: eigen kosten {line:number}, marge van het product {product:number}, van de groep {group:number}, standaardmarge {default:number}.',
    'money.billed': 'Gewonnen deals die meetellen via de facturen ervan: {deals:number}.',
    'money.unbilled':
      'Geïmporteerde facturen zonder deal staan naast gewonnen deals: gaat het om dezelfde omzet, dan telt die dubbel.',
    'money.imports_withheld':
      'Waarde onvolledig: geïmporteerde bedragen in vreemde valuta zonder koers tellen niet mee (documenten {documents:number}, kosten {costs:number}).',
    'money.default_margin': 'Kosten geschat met een marge van {percent}% waar kosten of winst onbekend zijn.',
    'money.out_of_range':
      'Waarde onvolledig: deals met een onwaarschijnlijk groot bedrag tellen niet mee ({deals}); verbeter ze in Zoho.',
    'money.withheld':
      'Waarde onvolledig: deals in vreemde valuta tellen niet mee tot de richting van de koers is bevestigd ({deals}).',
    'money.price_only':
      'Koopt alleen om de prijs: {discounted:number} van {known:number} aankopen met {percent}% of meer korting op de lijstprijs, of voor de laagste prijs die iemand betaalde.',
    'money.year_before': 'De 12 maanden ervoor: omzet {revenue:money}, winst {profit:money}.',
    'money.last_year': '{year}: omzet {revenue:money}, winst {profit:money}.',
    'money.year_to_date': '{year} tot nu toe: omzet {revenue:money}, winst {profit:money}.',
    'relationship.since': 'Klant sinds {first:day}.',
    'relationship.returned': 'Teruggekomen op {on:day}, na verloren te zijn geweest.',
    'relationship.truncated':
      'De gegevens beginnen op {from:day}: eerdere aankopen zijn niet bekend, dus de relatie kan ouder zijn.',
    'relationship.first_contact': 'Eerste contact op {first:day}.',
    'source.known': 'Herkomst: {source}.',
    'source.lead': '[Herkomst: {source}; ]binnengekomen als lead op {on:day}.',
    'family.accounts': 'Samen geteld met {accounts:n_accounts}.',
    'cadence.interval': 'Volgens het gebruikelijke ritme komt de volgende bestelling rond {next:day}.',
    'cadence.base': 'Volgens het ritme van alle klanten komt de volgende bestelling rond {next:day}.',
    'cadence.base_segment':
      'Volgens het ritme van klanten van het type {segment} komt de volgende bestelling rond {next:day}.',
    'cadence.irregular': 'Koopt onregelmatig (projecten): er wordt dubbel zo lang gewacht.',
    'cadence.project': 'Koopt per project: er wordt dubbel zo lang gewacht.',
    'cadence.late': 'De volgende bestelling is te laat sinds {since:day}.',
    'contact.last': 'Laatste contact {day:day}: {channel:channel}, {direction:direction}[: "{subject}"].',
    'contact.never': 'Er is geen contact in beide richtingen bekend.',
    'contact.unanswered': 'Pogingen waarop sindsdien geen antwoord kwam: {attempts:number}.',
    'contact.slowed':
      'Pogingen waarop sindsdien geen antwoord kwam: {attempts:number}. Tot er een komt is het ritme gehalveerd.',
    'contact.status': 'Volgend contact gepland uiterlijk {by:day}; status: {status:status}.',
    'contact.no_plan': 'Voor deze klasse zijn geen contacten gepland.',
    'contact.appointment': 'Afspraak op {on:day}.',
    'contact.channels': '[Gelezen: {read:channels}. ]Niet gelezen: {unread:channels}.',
    'phase.prospect.open_deal': 'Prospect met een open deal: {deal}.',
    'phase.prospect.cold': 'Prospect: nog niet gesproken.',
    'phase.prospect.contacted': 'Prospect: laatste contact {last:day}.',
    'phase.prospect.dormant': 'Slapende prospect: laatste contact {last:day}.',
    'phase.new.first': 'Nieuw: eerste aankoop {on:day}.',
    'phase.new.single': 'Nieuw: tot nu toe één aankoop, {on:day}.',
    'phase.new.won_back': 'Nieuw (teruggewonnen): weer gekocht op {on:day}.',
    'phase.established': 'Bestaand: laatste aankoop {last:day}.',
    'phase.loyal': 'Trouw: koopt gestaag sinds {since:day}, laatst op {last:day}.',
    'phase.leaving': 'Vertrekkend sinds {since:day}; laatste aankoop {last:day}.',
    'phase.lost': 'Verloren sinds {since:day}[; laatste aankoop {last:day}].',
    'phase.lost.overdue': 'De volgende bestelling is {limit} keer het gebruikelijke interval uitgebleven.',
    'phase.lost.silence': 'Te lang geen bestelling; de laatste was op {last:day}.',
    'phase.lost.contract_ended': 'Het contract liep af op {end:day} en is niet verlengd.',
    'phase.lost.closed': 'Gesloten[ ({word})]: niet terugwinnen en geen herinneringen.',
    'phase.lost.sign_of_touch': 'Teken van terugkeer: de klant nam contact op op {on:day}.',
    'phase.lost.sign_of_case': 'Teken van terugkeer: een case van {on:day}.',
    'phase.lost.sign_of_lead': 'Teken van terugkeer: een nieuwe lead van {on:day}.',
    'phase.lost.sign_of_company':
      'Teken van terugkeer: op {on:day} kwam een nieuwe lead van hetzelfde bedrijf binnen.',
    'phase.lost.sign_of_domain':
      'Teken van terugkeer: op {on:day} kwam een nieuwe lead met een adres bij {domain} binnen.',
    'phase.lost.win_back': 'Terugwinnen loont: de beste 12 maanden brachten {profit:money} op.',
    'phase.lost.win_back_pays':
      'Terugwinnen loont: een gewoon jaar bracht {profit:money} op, een contact kost {cost:money}.',
    'phase.lost.running_deal': 'Terugwinnen loopt: deal {deal} van {on:day} staat open.',
    'phase.lost.running_task': 'Terugwinnen loopt: taak "{subject}" van {on:day} staat open.',
    'phase.lost.running_appointment': 'Terugwinnen loopt: afspraak op {on:day}.',
    'phase.lost.running_touch': 'Terugwinnen loopt: wij namen contact op op {on:day}.',
    'phase.open_deal_blocks_lost': 'Nog niet verloren: de deal {deal} staat open.',
    'phase.pending': 'Berekend sinds {on:day}: {phase:phase}; getoond zodra een tweede datum dat bevestigt.',
    'phase.alive_blocks_lost': 'Nog niet verloren: ondanks de stilte met {alive}% nog klant.',
    'phase.contract_blocks_lost': 'Ondanks de stilte niet verloren: onder contract tot {end:day}.',
    'phase.override':
      'Met de hand gezet: {phase:phase}, {on:day} tot en met {until:day}, door {by}. Reden: {why:text}',
    'phase.override.computed': 'Berekend is: {phase:phase}.',
    'model.none': 'Alleen beoordeeld op ritme en feiten: er is nog geen aankoopmodel.',
    'model.not_enough':
      'Te weinig gegevens voor een aankoopmodel[ ({gate:gate}: {value:number} van {limit:number})]; alleen beoordeeld op ritme en feiten.',
    'model.withheld':
      'Geen verwachting: sommige bedragen zijn weggelaten, dus niet alle bestellingen zijn bekend.',
    'model.no_repeat': 'Geen verwachting: nog niemand heeft een herhaalaankoop met waarde.',
    'model.fit':
      'Aankoopmodel: {model:model}, berekend op {on:day} over {buyers:n_customers}[; in de toets op het laatste deel van de tijd kwam het totaal {error:off} uit] (berekening {fit}).',
    'model.no_dropout':
      'Uit deze gegevens blijkt niet wie vertrokken is en wie pauzeert: het model geeft alleen bedragen, en fasen volgen ritme en feiten.',
    'model.low_confidence':
      'Het model scoorde slecht in zijn toets: let op de bandbreedte, niet op het getal; fasen volgen ritme en feiten.',
    'outlook.chance': 'Kans op een bestelling binnen {days} dagen: {chance}%.',
    'outlook.alive':
      "Nog klant met {alive}%; zo'n lange stilte komt voor bij {silence}% van wie in dit tempo koopt en blijft.",
    'outlook.profit':
      'Verwachte winst van de komende 12 maanden: {profit:money}; in {range} van de 100 gevallen tussen {low:money} en {high:money}. In de waarde van vandaag ongeveer {orders:n_orders} × {value:money} × marge {margin}%[ - bedieningskosten {serve:money}].',
    'outlook.lost_by_rhythm': 'Volgens het ritme is deze klant verloren: er wordt geen winst verwacht.',
    'outlook.ended': 'De relatie is beëindigd: er wordt geen winst verwacht.',
    'outlook.contract':
      'Onder contract[ tot en met {end:day}], dus zonder aankoopmodel: verwachte winst van de komende 12 maanden {profit:money}, zoals in de laatste 12 zolang het loopt[; {renewed:money} als het wordt verlengd].',
    'outlook.given_back':
      'Wat de herhaalbestellingen opbrachten is teruggegeven: een volgende bestelling telt als niets waard.',
    'outlook.tier.keeps':
      'Klasse van de komende 12 maanden, met de grenzen van vandaag: {tier:tier}, zoals vandaag.',
    'outlook.tier.falls':
      'Klasse van de komende 12 maanden, met de grenzen van vandaag: {future:tier}, lager dan vandaag ({tier:tier}).',
    'outlook.tier.rises':
      'Klasse van de komende 12 maanden, met de grenzen van vandaag: {future:tier}, hoger dan vandaag ({tier:tier}).',
    'signal.notice': 'Vertreksignaal: opgezegd op {since:day}[, contract tot {end:day}].',
    'signal.contract_ends':
      'Vertreksignaal: het contract loopt af op {end:day} en er staat geen deal voor verlenging open.',
    'signal.overdue':
      'Vertreksignaal: geen bestelling tot {since:day}, {limit} keer het gebruikelijke interval.',
    'signal.one_time_buyer':
      'Vertreksignaal: geen tweede bestelling tot {since:day}, terwijl 9 van de 10 klanten die dan hebben geplaatst.',
    'signal.alive': 'Vertreksignaal: met slechts {alive}% nog klant, minder dan de helft sinds {since:day}.',
    'signal.churn_up':
      'Vertreksignaal: de kans op geen bestelling binnen 90 dagen steeg van {before}% naar {now}%; zoveel sinds {since:day}.',
    'signal.high_case': 'Vertreksignaal: dringende case "{subject}" open sinds {opened:day}.',
    'signal.case_past_due': 'Vertreksignaal: case "{subject}" had op {due:day} opgelost moeten zijn.',
    'signal.many_cases': 'Vertreksignaal: {cases} cases sinds {since:day}.',
    'signal.revenue_down':
      'Vertreksignaal: omzet van 6 maanden {now:money}, in dezelfde maanden een jaar eerder {before:money}.',
    'signal.order_size_down': 'Vertreksignaal: gemiddelde bestelling {now:money}, eerder {before:money}.',
    'signal.range_down':
      'Vertreksignaal: verschillende producten in 6 maanden: {now:number}; in dezelfde maanden een jaar eerder: {before:number}.',
    'signal.late_payment':
      'Vertreksignaal: facturen worden {now:n_days} te laat betaald, in het jaar ervoor {before:n_days}.',
    'signal.silent': 'Vertreksignaal: laatste contact {last:day}, ruim over tijd.',
    'signal.survey': 'Vertreksignaal: antwoord in de enquête {answer:number} van 10.',
    'signal.key_contact_left': 'Vertreksignaal: {name}, ons vaste contact, is weg[ (sinds {on:day})].',
    'signal.competitor': 'Vertreksignaal: deal verloren aan een concurrent op {on:day}.',
    'unread.signs': 'Niet bekend, dus geen vertreksignaal te zien in: {signs:signs}.',
    'profile.referred_by': 'Bij ons gekomen via een andere klant.',
    'profile.why_us': 'Waarom ze voor ons kozen: {why:text}',
    'profile.needs': 'Behoeften: {needs:text}',
    'profile.thanked': 'Voor het laatst bedankt op {on:day}[: {how:text}].',
    'profile.left': 'Reden van vertrek: {reason:left}.',
    'profile.loss_reason': 'Deal verloren op {on:day}, reden: {reason:left}.',
    'profile.open_cases':
      'Kan reden zijn om te vertrekken: open cases: {cases:number}, de oudste "{subject}" van {opened:day}.',
    'profile.reviewed': 'Profiel nagekeken op {on:day}.',
    'profile.complete': 'Profiel: {known:number} van {facts:number} feiten bekend ({percent}%).',
    'profile.ask.why_us': 'Vraag nu: waarom hebben ze voor ons gekozen?',
    'profile.ask.needs': 'Vraag nu: wat hebben ze nodig?',
    'profile.ask.deal_breakers': 'Vraag nu: waarom zouden ze weggaan?',
    'profile.ask.source': 'Vraag nu: hoe hebben ze van ons gehoord?',
    'profile.ask.thanked': 'Nu: bedank ze en noteer het.',
    'profile.ask.referrals': 'Vraag nu: bij wie kunnen ze ons aanbevelen?',
    'profile.ask.review': 'Het profiel is ouder dan 12 maanden: loop het samen door.',
    'offer.product':
      '{product} werd gekocht door {buyers:number} van {customers:number} vergelijkbare klanten, niet door deze.',
    'rfm.name':
      'RFM: {name:rfm}. Recentheid {r:number} van 5: {days:n_days}[ (hoogstens {daysLimit:number})]; frequentie {f:number}: {purchases:n_purchases}[ (vanaf {purchasesLimit:number})]; bedrag {m:number}: {money:money}[ (vanaf {moneyLimit:money})], in {months:n_within_months}.',
    'effort.within':
      'Inspanning: {spent:n_hours} per maand; {percent}% van de winst betaalt {budget:number}[, {left:number} over].',
    'effort.over':
      'Boven het urenbudget: {spent:n_hours} per maand; {percent}% van de winst betaalt {budget:number}.',
    'contribution.referrals':
      'Bracht {referred:n_customers} aan: {profit:money} winst in 12 maanden, waarvan {credited:money} toegerekend ({percent}%).',
    'contribution.others': 'Andere bijdragen in 12 maanden: {count:number}, ter waarde van {amount:money}.',
    'contribution.in_tier': 'Deze bijdragen tellen mee voor de rang: {amount:money} boven op de winst.',
    'goodwill.share':
      'Coulance: {share:money2} per jaar ({percent}% van de winst van {profit:money2}), {used:money2} gegeven in 12 maanden, {budget:money2} over.',
    'goodwill.none': 'Geen coulancebudget voor de klasse {tier:tier} bij deze winst.',
    'goodwill.price_only': 'Geen coulancebudget: koopt alleen om de prijs.',
    'goodwill.over':
      'Boven het coulancebudget: {used:money2} gegeven in 12 maanden, de winst laat {share:money2} toe.',
    ...LEADS.nl.reasons,
    'next.prospect.open_deal': 'Volg de open deal "{deal}" van {created:day} op',
    'next.prospect.first_meeting': 'Maak een eerste afspraak',
    'next.prospect.meet_again': 'Maak een afspraak; laatste contact {last:day}',
    'next.new.welcome_call': 'Welkomstgesprek uiterlijk {by:day}',
    'next.new.welcome_back': 'Bel uiterlijk {by:day} om ze weer welkom te heten',
    'next.new.next_order':
      'Vraag rond {around:day} naar de volgende bestelling (laatste bestelling {last:day})',
    'next.rhythm': 'Houd het ritme: contact gepland uiterlijk {by:day} (laatste contact {last:day})',
    'next.rhythm.offer':
      'Houd het ritme: contact gepland uiterlijk {by:day} (laatste contact {last:day}); noem {product}',
    'next.rhythm.never_contacted': 'Leg een eerste contact: er is er nog geen bekend',
    'next.rhythm.no_plan': 'Houd het ritme',
    'next.rhythm.over_effort':
      'Beantwoord wat ze vragen, meer niet: de winst betaalt de tijd niet die ze kosten',
    'next.loyal.thank': 'Bedank en vraag om een aanbeveling',
    'next.leaving.case': 'Los eerst de open case op: "{subject}" van {opened:day}',
    'next.leaving.ask': 'Vraag wat er mis is[; laatste bestelling {last:day}]',
    'next.lost.win_back':
      'Leg vast waarom ze vertrokken; terugwincontacten op {first:day}, {second:day} en {third:day}',
    'next.lost.ask_reason': 'Leg vast waarom ze vertrokken[; laatste bestelling {last:day}]',
    'next.lost.nothing': 'Niets te doen; vertrokken wegens: {reason:left}',
    'next.own': '{nl:text}',
    'next.nothing': 'Niets te doen',
    'next.loss_making.talk': 'Praat over {topic:topic}: de grootste kostenpost is {item:item}',
  },
  ...nlNames,
};
