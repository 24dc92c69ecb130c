import { daNames } from './da-names.ts';
import { LEADS } from './leads.ts';
import type { Texts } from './tables.ts';

export const da: Texts = {
  locale: 'da-DK',
  reasons: {
    'tier.top':
      'Top: fortjenesten på {profit:money} i 12 måneder hører til de bedste {percent} % af kunderne[ (mindst {cut:money})].',
    'tier.good': 'God: fortjeneste på {profit:money} i 12 måneder[; god begynder ved {cut:money}].',
    'tier.marginal': 'Marginal: fortjeneste på {profit:money} i 12 måneder[; god begynder ved {cut:money}].',
    'tier.loss_making':
      'Tabsgivende: {profit:money} i 12 måneder; den største udgift er {item:item} med {amount:money}.',
    'tier.none.never_bought': 'Ingen handel: der er aldrig købt noget.',
    'tier.none.no_business': 'Ingen handel: intet bogført siden {after:day}; seneste køb {last:day}.',
    'tier.none.out_of_range':
      'Ingen omsætning, der tæller: handlernes beløb er usandsynligt store; ret dem i Zoho.',
    'tier.none.withheld':
      'Ingen handel i egen valuta: beløbene er i en fremmed valuta, hvis kurs ikke er bekræftet.',
    'tier.kept':
      'Beregnet nu: {raw:tier}; den viste klasse følger, når billedet holder[ (set siden {since:day})].',
    'tier.loss_held_back':
      'De seneste 12 måneder gav tab; klassen ændres først efter to månedsskift i træk ({monthEnds} indtil nu).',
    'tier.too_few':
      'For få kunder med handel ({population}, kræver {minPopulation}) eller for kort historik til Top og Guld.',
    'tier.break_even.fewer': 'Break-even: {fewer} færre ved {item:item}.',
    'tier.break_even.returns': 'Break-even: {fewer:n_returns} færre; det alene kostede {lost:money}.',
    'tier.break_even.orders':
      'Break-even: {fewer:n_orders_below_cost} færre; det alene gav et tab på {lost:money}.',
    'tier.break_even.amount':
      'Break-even: {loss:money} mere i dækningsbidrag eller lige så meget mindre i udgifter.',
    'gold.yes': 'Guld: hører til de bedste {percent} %[ (mindst {cut:money})].',
    'gold.no': 'Ikke guld: guld er de bedste {percent} %[ (mindst {cut:money})].',
    'gold.kept': 'Guld beholdes, til billedet holder[; guld begynder ved {cut:money}].',
    'money.window':
      '{from:day} til {to:day}: omsætning {revenue:money2} - direkte omkostninger {directCost:money2} - betjeningsomkostninger {costToServe:money2} = fortjeneste {profit:money2}.',
    'money.serve':
      'Betjeningsomkostninger: {item:item} {count:count}[ × {unit:money2}][ ({percent} %)] = {amount:money2}.',
    'money.case_and_minutes': 'En sag tæller én gang som sag og én gang efter minutter: begge har en pris.',
    'money.acquisition': 'Omkostninger til at vinde kunden, vist for sig: {amount:money2}.',
    'money.before_serve': 'Før betjeningsomkostninger: der er ikke angivet enhedspriser.',
    'money.time': 'Arbejdstiden kendes for {known:number} af {activities:n_activities} i disse 12 måneder.',
    'money.documents':
      'Importerede bilag: {invoices:n_invoices} {invoiced:money2}, {credits:n_credit_notes} {credited:money2}.',
    'money.line_costs':
      'Omkostning for de importerede linjer: egen omkostning {line:number}, varens avance {product:number}, gruppens {group:number}, standardavance {default:number}.',
    'money.billed': 'Vundne handler, der tæller gennem deres fakturaer: {deals:number}.',
    'money.unbilled':
      'Importerede fakturaer uden handel står ved siden af vundne handler: gælder de samme salg, tæller det to gange.',
    'money.imports_withheld':
      'Værdien er ufuldstændig: importerede beløb i fremmed valuta uden kurs er udeladt (bilag {documents:number}, omkostninger {costs:number}).',
    'money.default_margin':
      'Omkostninger anslået med en avance på {percent} %, hvor hverken omkostning eller fortjeneste kendes.',
    'money.out_of_range':
      'Værdien er ufuldstændig: handler med et usandsynligt stort beløb er udeladt ({deals}); ret dem i Zoho.',
    'money.withheld':
      'Værdien er ufuldstændig: handler i fremmed valuta er udeladt, til kursens retning er bekræftet ({deals}).',
    'money.price_only':
      'Køber kun for prisens skyld: {discounted:number} af {known:number} køb mindst {percent} % under listeprisen eller til den laveste pris, nogen har betalt.',
    'money.year_before': 'De 12 måneder før: omsætning {revenue:money}, fortjeneste {profit:money}.',
    'money.last_year': '{year}: omsætning {revenue:money}, fortjeneste {profit:money}.',
    'money.year_to_date': '{year} indtil nu: omsætning {revenue:money}, fortjeneste {profit:money}.',
    'relationship.since': 'Kunde siden {first:day}.',
    'relationship.returned': 'Vendte tilbage {on:day} efter at have været tabt.',
    'relationship.truncated':
      'Data begynder den {from:day}: tidligere køb kendes ikke, så relationen kan være ældre.',
    'relationship.first_contact': 'Første kontakt den {first:day}.',
    'source.known': 'Kilde: {source}.',
    'source.lead': '[Kilde: {source}; ]kom til som lead den {on:day}.',
    'family.accounts': 'Opgjort sammen med {accounts:n_accounts}.',
    'cadence.interval': 'Efter den sædvanlige rytme kommer næste ordre omkring {next:day}.',
    'cadence.base': 'Efter alle kunders rytme kommer næste ordre omkring {next:day}.',
    'cadence.base_segment':
      'Efter rytmen hos kunder af typen {segment} kommer næste ordre omkring {next:day}.',
    'cadence.irregular': 'Køber uregelmæssigt (projekter): der ventes dobbelt så længe.',
    'cadence.project': 'Køber projektvis: der ventes dobbelt så længe.',
    'cadence.late': 'Næste ordre er forsinket siden {since:day}.',
    'contact.last': 'Seneste kontakt {day:day}: {channel:channel}, {direction:direction}[: "{subject}"].',
    'contact.never': 'Der kendes ingen kontakt i begge retninger.',
    'contact.unanswered': 'Forsøg uden svar siden da: {attempts:number}.',
    'contact.slowed':
      'Forsøg uden svar siden da: {attempts:number}. Indtil der kommer et, er rytmen halveret.',
    'contact.status': 'Næste kontakt planlagt senest {by:day}; status: {status:status}.',
    'contact.no_plan': 'Der er ikke planlagt kontakter for denne klasse.',
    'contact.appointment': 'Aftale {on:day}.',
    'contact.channels': '[Læst: {read:channels}. ]Ikke læst: {unread:channels}.',
    'phase.prospect.open_deal': 'Emne med en åben handel: {deal}.',
    'phase.prospect.cold': 'Emne: endnu ikke talt med.',
    'phase.prospect.contacted': 'Emne: seneste kontakt {last:day}.',
    'phase.prospect.dormant': 'Sovende emne: seneste kontakt {last:day}.',
    'phase.new.first': 'Ny: første køb {on:day}.',
    'phase.new.single': 'Ny: kun ét køb indtil nu, {on:day}.',
    'phase.new.won_back': 'Ny (vundet tilbage): købte igen {on:day}.',
    'phase.established': 'Etableret: seneste køb {last:day}.',
    'phase.loyal': 'Loyal: køber jævnligt siden {since:day}, senest {last:day}.',
    'phase.leaving': 'På vej væk siden {since:day}; seneste køb {last:day}.',
    'phase.lost': 'Tabt siden {since:day}[; seneste køb {last:day}].',
    'phase.lost.overdue': 'Næste ordre er udeblevet i {limit} gange det sædvanlige interval.',
    'phase.lost.silence': 'Ingen ordre i for lang tid; den seneste kom {last:day}.',
    'phase.lost.contract_ended': 'Kontrakten udløb {end:day} og blev ikke fornyet.',
    'phase.lost.closed': 'Lukket[ ({word})]: skal ikke vindes tilbage, ingen påmindelser.',
    'phase.lost.sign_of_touch': 'Tegn på tilbagevenden: kunden henvendte sig {on:day}.',
    'phase.lost.sign_of_case': 'Tegn på tilbagevenden: en sag af {on:day}.',
    'phase.lost.sign_of_lead': 'Tegn på tilbagevenden: et nyt lead af {on:day}.',
    'phase.lost.sign_of_company': 'Tegn på tilbagevenden: {on:day} kom der et nyt lead fra samme virksomhed.',
    'phase.lost.sign_of_domain':
      'Tegn på tilbagevenden: {on:day} kom der et nyt lead med en adresse hos {domain}.',
    'phase.lost.win_back': 'Værd at vinde tilbage: de bedste 12 måneder gav {profit:money}.',
    'phase.lost.win_back_pays':
      'Værd at vinde tilbage: et almindeligt år gav {profit:money}, en kontakt koster {cost:money}.',
    'phase.lost.running_deal': 'Tilbagevinding er i gang: handlen {deal} fra {on:day} er åben.',
    'phase.lost.running_task': 'Tilbagevinding er i gang: opgaven "{subject}" fra {on:day} er åben.',
    'phase.lost.running_appointment': 'Tilbagevinding er i gang: aftale {on:day}.',
    'phase.lost.running_touch': 'Tilbagevinding er i gang: vi henvendte os {on:day}.',
    'phase.open_deal_blocks_lost': 'Ikke tabt endnu: handlen {deal} er åben.',
    'phase.pending': 'Beregnet siden {on:day}: {phase:phase}; vises, når endnu en dato bekræfter det.',
    'phase.alive_blocks_lost': 'Endnu ikke tabt: trods stilheden stadig kunde med {alive} %.',
    'phase.contract_blocks_lost': 'Ikke tabt trods stilheden: under kontrakt til {end:day}.',
    'phase.override':
      'Sat manuelt: {phase:phase}, {on:day} til og med {until:day}, af {by}. Årsag: {why:text}',
    'phase.override.computed': 'Beregnet er: {phase:phase}.',
    'model.none': 'Kun bedømt efter rytme og fakta: der er endnu ingen købsmodel.',
    'model.not_enough':
      'For få data til en købsmodel[ ({gate:gate}: {value:number} af {limit:number})]; kun bedømt efter rytme og fakta.',
    'model.withheld': 'Ingen prognose: nogle beløb er udeladt, så ikke alle ordrer er kendt.',
    'model.no_repeat': 'Ingen prognose: ingen har endnu et gentaget køb af nogen værdi.',
    'model.fit':
      'Købsmodel: {model:model}, beregnet {on:day} på {buyers:n_customers}[; i testen på den sidste del af tiden blev summen {error:off}] (beregning {fit}).',
    'model.no_dropout':
      'Af disse data fremgår det ikke, hvem der er gået, og hvem der holder pause: modellen giver kun beløb, og faser følger rytme og fakta.',
    'model.low_confidence':
      'Modellen klarede sig dårligt i sin test: se på spændet, ikke på tallet; faser følger rytme og fakta.',
    'outlook.chance': 'Sandsynlighed for en ordre inden for {days} dage: {chance} %.',
    'outlook.alive':
      'Stadig kunde med {alive} %; så lang en stilhed rammer {silence} % af dem, der køber i dette tempo og bliver.',
    'outlook.profit':
      'Forventet fortjeneste i de næste 12 måneder: {profit:money}; i {range} af 100 tilfælde mellem {low:money} og {high:money}. I dagens værdi omtrent {orders:n_orders} × {value:money} × avance {margin} %[ - betjeningsomkostninger {serve:money}].',
    'outlook.lost_by_rhythm': 'Efter sin rytme er denne kunde tabt: der ventes ingen fortjeneste.',
    'outlook.ended': 'Relationen er ophørt: der ventes ingen fortjeneste.',
    'outlook.contract':
      'Under kontrakt[ til {end:day}], derfor uden købsmodel: forventet fortjeneste i de næste 12 måneder {profit:money}, som i de seneste 12, så længe den løber[; {renewed:money}, hvis den fornyes].',
    'outlook.given_back':
      'Det, som de gentagne ordrer gav, er givet tilbage: en ny ordre regnes for intet værd.',
    'outlook.tier.keeps': 'Klasse for de næste 12 måneder, med dagens grænser: {tier:tier}, som i dag.',
    'outlook.tier.falls':
      'Klasse for de næste 12 måneder, med dagens grænser: {future:tier}, lavere end i dag ({tier:tier}).',
    'outlook.tier.rises':
      'Klasse for de næste 12 måneder, med dagens grænser: {future:tier}, højere end i dag ({tier:tier}).',
    'signal.notice': 'Tegn på frafald: opsagt {since:day}[, kontrakt til {end:day}].',
    'signal.contract_ends':
      'Tegn på frafald: kontrakten udløber {end:day}, og ingen handel om fornyelse er åben.',
    'signal.overdue':
      'Tegn på frafald: ingen ordre inden {since:day}, {limit} gange det sædvanlige interval.',
    'signal.one_time_buyer':
      'Tegn på frafald: ingen ordre nummer to inden {since:day}, hvor 9 af 10 har lagt deres.',
    'signal.alive': 'Tegn på frafald: kun med {alive} % stadig kunde, under halvdelen siden {since:day}.',
    'signal.churn_up':
      'Tegn på frafald: risikoen for ingen ordre inden for 90 dage steg fra {before} % til {now} %; så meget siden {since:day}.',
    'signal.high_case': 'Tegn på frafald: hastesagen "{subject}" har været åben siden {opened:day}.',
    'signal.case_past_due': 'Tegn på frafald: sagen "{subject}" skulle have været løst {due:day}.',
    'signal.many_cases': 'Tegn på frafald: {cases} sager siden {since:day}.',
    'signal.revenue_down':
      'Tegn på frafald: omsætning i 6 måneder {now:money}, i de samme måneder et år før {before:money}.',
    'signal.order_size_down': 'Tegn på frafald: gennemsnitlig ordre {now:money}, før {before:money}.',
    'signal.range_down':
      'Tegn på frafald: forskellige produkter på 6 måneder: {now:number}; i de samme måneder året før: {before:number}.',
    'signal.late_payment':
      'Tegn på frafald: fakturaer betales {now:n_days} for sent, {before:n_days} i året før.',
    'signal.silent': 'Tegn på frafald: seneste kontakt {last:day}, langt ud over planen.',
    'signal.survey': 'Tegn på frafald: svar i undersøgelsen {answer:number} af 10.',
    'signal.key_contact_left': 'Tegn på frafald: {name}, vores faste kontakt, er væk[ (siden {on:day})].',
    'signal.competitor': 'Tegn på frafald: handel tabt til en konkurrent {on:day}.',
    'unread.signs': 'Ikke kendt, så der kan ikke ses tegn på frafald i: {signs:signs}.',
    'profile.referred_by': 'Kom til os gennem en anden kunde.',
    'profile.why_us': 'Hvorfor de valgte os: {why:text}',
    'profile.needs': 'Behov: {needs:text}',
    'profile.thanked': 'Senest takket den {on:day}[: {how:text}].',
    'profile.left': 'Grunden til at de gik: {reason:left}.',
    'profile.loss_reason': 'Handel tabt den {on:day}, grund: {reason:left}.',
    'profile.open_cases':
      'Kan få dem til at gå: åbne sager: {cases:number}, den ældste "{subject}" fra {opened:day}.',
    'profile.reviewed': 'Profilen gennemgået den {on:day}.',
    'profile.complete': 'Profil: {known:number} af {facts:number} oplysninger kendt ({percent} %).',
    'profile.ask.why_us': 'Spørg nu: hvorfor valgte de os?',
    'profile.ask.needs': 'Spørg nu: hvad har de brug for?',
    'profile.ask.deal_breakers': 'Spørg nu: hvad kunne få dem til at gå?',
    'profile.ask.source': 'Spørg nu: hvor hørte de om os?',
    'profile.ask.thanked': 'Nu: tak dem, og notér det.',
    'profile.ask.referrals': 'Spørg nu: hvem kunne de anbefale os til?',
    'profile.ask.review': 'Profilen er over 12 måneder gammel: gå den igennem sammen.',
    'offer.product':
      '{product} blev købt af {buyers:number} af {customers:number} lignende kunder, ikke af denne.',
    'rfm.name':
      'RFM: {name:rfm}. Aktualitet {r:number} af 5: {days:n_days}[ (højst {daysLimit:number})]; hyppighed {f:number}: {purchases:n_purchases}[ (fra {purchasesLimit:number})]; beløb {m:number}: {money:money}[ (fra {moneyLimit:money})], på {months:n_within_months}.',
    'effort.within':
      'Indsats: {spent:n_hours} om måneden; {percent} % af fortjenesten betaler {budget:number}[, {left:number} tilbage].',
    'effort.over':
      'Over timebudgettet: {spent:n_hours} om måneden; {percent} % af fortjenesten betaler {budget:number}.',
    'contribution.referrals':
      'Har skaffet {referred:n_customers}: {profit:money} i fortjeneste på 12 måneder, heraf godskrevet {credited:money} ({percent} %).',
    'contribution.others': 'Andre bidrag i 12 måneder: {count:number}, til en værdi af {amount:money}.',
    'contribution.in_tier': 'Disse bidrag tæller med i rangen: {amount:money} oven i fortjenesten.',
    'goodwill.share':
      'Kulance: {share:money2} om året ({percent} % af fortjenesten på {profit:money2}), {used:money2} givet i 12 måneder, {budget:money2} tilbage.',
    'goodwill.none': 'Intet kulancebudget for klassen {tier:tier} med denne fortjeneste.',
    'goodwill.price_only': 'Intet kulancebudget: køber kun for prisens skyld.',
    'goodwill.over':
      'Over kulancebudgettet: {used:money2} givet i 12 måneder, fortjenesten tillader {share:money2}.',
    ...LEADS.da.reasons,
    'next.prospect.open_deal': 'Følg op på den åbne handel "{deal}" fra {created:day}',
    'next.prospect.first_meeting': 'Aftal et første møde',
    'next.prospect.meet_again': 'Aftal et møde; seneste kontakt {last:day}',
    'next.new.welcome_call': 'Velkomstopkald senest {by:day}',
    'next.new.welcome_back': 'Ring og byd velkommen tilbage senest {by:day}',
    'next.new.next_order': 'Spørg til næste ordre omkring {around:day} (seneste ordre {last:day})',
    'next.rhythm': 'Hold rytmen: kontakt planlagt senest {by:day} (seneste kontakt {last:day})',
    'next.rhythm.offer':
      'Hold rytmen: kontakt planlagt senest {by:day} (seneste kontakt {last:day}); nævn {product}',
    'next.rhythm.never_contacted': 'Tag en første kontakt: der kendes endnu ingen',
    'next.rhythm.no_plan': 'Hold rytmen',
    'next.rhythm.over_effort': 'Svar på det, de spørger om, ikke mere: fortjenesten betaler ikke for tiden',
    'next.loyal.thank': 'Sig tak, og bed om en anbefaling',
    'next.leaving.case': 'Løs først den åbne sag: "{subject}" fra {opened:day}',
    'next.leaving.ask': 'Spørg, hvad der er galt[; seneste ordre {last:day}]',
    'next.lost.win_back':
      'Notér, hvorfor de gik; kontakter for at vinde dem tilbage {first:day}, {second:day} og {third:day}',
    'next.lost.ask_reason': 'Notér, hvorfor de gik[; seneste ordre {last:day}]',
    'next.lost.nothing': 'Intet at gøre; de gik på grund af: {reason:left}',
    'next.own': '{da:text}',
    'next.nothing': 'Intet at gøre',
    'next.loss_making.talk': 'Tal om {topic:topic}: den største udgift er {item:item}',
  },
  ...daNames,
};
