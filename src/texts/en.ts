import { enNames } from './en-names.ts';
import { LEADS } from './leads.ts';

/**
 * English, and the list of everything that needs words: the other languages must have the same keys.
 * {name:kind} is replaced by a value; a part in [square brackets] is left out when a value in it is not known.
 * Nothing here counts days or names a rank: these texts stand in Zoho, and must not change from day to day.
 */
export const en = {
  locale: 'en-GB',
  reasons: {
    'tier.top':
      'Top: the profit of {profit:money} in 12 months is among the best {percent}% of customers[ (at least {cut:money})].',
    'tier.good': 'Good: profit of {profit:money} in 12 months[; good begins at {cut:money}].',
    'tier.marginal': 'Marginal: profit of {profit:money} in 12 months[; good begins at {cut:money}].',
    'tier.loss_making':
      'Loss-making: {profit:money} in 12 months; the largest cost is {item:item} with {amount:money}.',
    'tier.none.never_bought': 'No business: nothing was ever bought.',
    'tier.none.no_business': 'No business: nothing booked since {after:day}; last purchase {last:day}.',
    'tier.none.out_of_range':
      'No business that counts: the amounts of its deals are too large to be true; correct them in Zoho.',
    'tier.none.withheld':
      'No business in the home currency: the amounts are in a foreign currency whose rate is not confirmed.',
    'tier.kept':
      'Computed today: {raw:tier}; the shown tier follows once the evidence holds[ (seen since {since:day})].',
    'tier.loss_held_back':
      'The last 12 months made a loss; the tier changes only after two month-ends in a row ({monthEnds} so far).',
    'tier.too_few':
      'Too few customers with business ({population}, needed {minPopulation}) or too short a history for Top and Gold.',
    'tier.break_even.fewer': 'Break-even: {fewer} fewer of {item:item}.',
    'tier.break_even.returns': 'Break-even: {fewer:n_returns} fewer; that alone cost {lost:money}.',
    'tier.break_even.orders': 'Break-even: {fewer:n_orders_below_cost} fewer; that alone lost {lost:money}.',
    'tier.break_even.amount': 'Break-even: {loss:money} more margin, or as much less cost.',
    'gold.yes': 'Gold: among the best {percent}%[ (at least {cut:money})].',
    'gold.no': 'Not gold: gold is the best {percent}%[ (at least {cut:money})].',
    'gold.kept': 'Gold is kept until the evidence holds[; gold begins at {cut:money}].',
    'money.window':
      '{from:day} to {to:day}: revenue {revenue:money2} - direct cost {directCost:money2} - cost to serve {costToServe:money2} = profit {profit:money2}.',
    'money.serve':
      'Cost to serve: {item:item} {count:count}[ × {unit:money2}][ ({percent}%)] = {amount:money2}.',
    'money.case_and_minutes': 'A case counts once as a case and once by its minutes: both have a price.',
    'money.acquisition': 'Acquisition cost, shown apart from the profit: {amount:money2}.',
    'money.before_serve': 'Before cost to serve: no unit costs are set.',
    'money.time': 'Working time is known for {known:number} of {activities:n_activities} of these 12 months.',
    'money.documents':
      'Imported documents: {invoices:n_invoices} {invoiced:money2}, {credits:n_credit_notes} {credited:money2}.',
    'money.line_costs':
      'Cost of the imported lines: own cost {line:number}, margin of the product {product:number}, of the group {group:number}, default margin {default:number}.',
    'money.billed': 'Won deals that count through the invoices that bill them: {deals:number}.',
    'money.unbilled':
      'Imported invoices that name no deal stand beside won deals: if they bill the same business, it counts twice.',
    'money.imports_withheld':
      'Value incomplete: imported money in a foreign currency without a rate is left out (documents {documents:number}, costs {costs:number}).',
    'money.default_margin': 'Cost estimated with a margin of {percent}% where no cost or profit is known.',
    'money.out_of_range':
      'Value incomplete: deals whose amount is too large to be true are left out ({deals}); correct them in Zoho.',
    'money.withheld':
      'Value incomplete: deals in a foreign currency are left out until the direction of the rate is confirmed ({deals}).',
    'money.price_only':
      'Buys for the price only: {discounted:number} of {known:number} purchases at {percent}% or more below the list, or at the lowest price anybody paid.',
    'money.year_before': 'The 12 months before: revenue {revenue:money}, profit {profit:money}.',
    'money.last_year': '{year}: revenue {revenue:money}, profit {profit:money}.',
    'money.year_to_date': '{year} so far: revenue {revenue:money}, profit {profit:money}.',
    'relationship.since': 'Customer since {first:day}.',
    'relationship.returned': 'Came back on {on:day} after having been lost.',
    'relationship.truncated':
      'The data begin on {from:day}: earlier purchases are not known, so the relation may be older.',
    'relationship.first_contact': 'First contact on {first:day}.',
    'source.known': 'Came from: {source}.',
    'source.lead': 'Came[ from: {source},] as a lead of {on:day}.',
    'family.accounts': 'Counted together with {accounts:n_accounts}.',
    'cadence.interval': 'By the usual rhythm the next order comes around {next:day}.',
    'cadence.base': 'By the usual rhythm of all customers the next order comes around {next:day}.',
    'cadence.base_segment':
      'By the usual rhythm of customers of the type {segment} the next order comes around {next:day}.',
    'cadence.irregular': 'Buys irregularly (projects): twice the usual patience is used.',
    'cadence.project': 'Buys by the project: twice the usual patience is used.',
    'cadence.late': 'The next order is late since {since:day}.',
    'contact.last': 'Last contact {day:day}: {channel:channel}, {direction:direction}[: "{subject}"].',
    'contact.never': 'No contact in both directions is known.',
    'contact.unanswered': 'Contacts in which we got no answer since then: {attempts:number}.',
    'contact.slowed':
      'Contacts in which we got no answer since then: {attempts:number}. The rhythm is halved until there is one.',
    'contact.status': 'Next contact planned by {by:day}; status: {status:status}.',
    'contact.no_plan': 'No contacts are planned for this tier.',
    'contact.appointment': 'Appointment on {on:day}.',
    'contact.channels': '[Read: {read:channels}. ]Not read: {unread:channels}.',
    'phase.prospect.open_deal': 'Prospect with an open deal: {deal}.',
    'phase.prospect.cold': 'Prospect: not yet spoken with.',
    'phase.prospect.contacted': 'Prospect: last contact {last:day}.',
    'phase.prospect.dormant': 'Dormant prospect: last contact {last:day}.',
    'phase.new.first': 'New: first purchase {on:day}.',
    'phase.new.single': 'New: only one purchase so far, {on:day}.',
    'phase.new.won_back': 'New (won back): bought again on {on:day}.',
    'phase.established': 'Established: last purchase {last:day}.',
    'phase.loyal': 'Loyal: buys steadily since {since:day}, last on {last:day}.',
    'phase.leaving': 'Leaving since {since:day}; last purchase {last:day}.',
    'phase.lost': 'Lost since {since:day}[; last purchase {last:day}].',
    'phase.lost.overdue': 'The next order is {limit} times the usual interval overdue.',
    'phase.lost.silence': 'No order for too long; the last one was on {last:day}.',
    'phase.lost.contract_ended': 'The contract ended on {end:day} and was not renewed.',
    'phase.lost.closed': 'Closed[ ({word})]: no win-back and no reminders.',
    'phase.lost.sign_of_touch': 'Sign of return: the customer got in touch on {on:day}.',
    'phase.lost.sign_of_case': 'Sign of return: a case of {on:day}.',
    'phase.lost.sign_of_lead': 'Sign of return: a new lead of {on:day}.',
    'phase.lost.sign_of_company': 'Sign of return: a new lead of the same company came in on {on:day}.',
    'phase.lost.sign_of_domain':
      'Sign of return: a new lead with an address at {domain} came in on {on:day}.',
    'phase.lost.win_back': 'Worth winning back: the best 12 months brought {profit:money}.',
    'phase.lost.win_back_pays':
      'Worth winning back: a usual year brought {profit:money}, a win-back contact costs {cost:money}.',
    'phase.lost.running_deal': 'Win-back is running: deal {deal} of {on:day} is open.',
    'phase.lost.running_task': 'Win-back is running: task "{subject}" of {on:day} is open.',
    'phase.lost.running_appointment': 'Win-back is running: appointment on {on:day}.',
    'phase.lost.running_touch': 'Win-back is running: we got in touch on {on:day}.',
    'phase.open_deal_blocks_lost': 'Not lost yet: the deal {deal} is open.',
    'phase.pending': 'Computed since {on:day}: {phase:phase}; shown once a second date agrees.',
    'phase.alive_blocks_lost': 'Not lost yet: with {alive}% still a customer, in spite of the silence.',
    'phase.contract_blocks_lost': 'Not lost, in spite of the silence: under contract until {end:day}.',
    'phase.override': 'Set by hand: {phase:phase}, {on:day} to {until:day}, by {by}. Reason: {why:text}',
    'phase.override.computed': 'Computed instead: {phase:phase}.',
    'model.none': 'Judged by rhythm and facts only: there is no purchase model yet.',
    'model.not_enough':
      'Too few data for a purchase model[ ({gate:gate}: {value:number} of {limit:number})]; judged by rhythm and facts only.',
    'model.withheld': 'No outlook: some amounts are left out, so orders are not all known.',
    'model.no_repeat': 'No outlook: nobody has a repeat purchase of any value yet.',
    'model.fit':
      'Purchase model: {model:model}, fitted on {on:day} to {buyers:n_customers}[; in its test on the last part of the time the total came out {error:off}] (fit {fit}).',
    'model.no_dropout':
      'These data cannot tell customers who left from those who pause: the model gives amounts only, and phases follow rhythm and facts.',
    'model.low_confidence':
      'The model did poorly in its test: look at the range rather than the number; phases follow rhythm and facts.',
    'outlook.chance': 'Chance of an order within {days} days: {chance}%.',
    'outlook.alive':
      'Still a customer with {alive}%; a silence this long happens to {silence}% of those who buy at this rate and stay.',
    'outlook.profit':
      "Expected profit of the next 12 months: {profit:money}; in {range} of 100 cases between {low:money} and {high:money}. At today's value about {orders:n_orders} × {value:money} × margin {margin}%[ - cost to serve {serve:money}].",
    'outlook.lost_by_rhythm': 'By its rhythm this customer is lost: no profit is expected.',
    'outlook.ended': 'The relation has ended: no profit is expected.',
    'outlook.contract':
      'Under contract[ until {end:day}], so without a purchase model: expected profit of the next 12 months {profit:money}, as in the last 12 for as long as it runs[; {renewed:money} if it is renewed].',
    'outlook.given_back':
      'What the repeat orders brought was given back: a further order counts as worth nothing.',
    'outlook.tier.keeps': 'Tier of the next 12 months, by the limits of today: {tier:tier}, as today.',
    'outlook.tier.falls':
      'Tier of the next 12 months, by the limits of today: {future:tier}, down from {tier:tier} today.',
    'outlook.tier.rises':
      'Tier of the next 12 months, by the limits of today: {future:tier}, up from {tier:tier} today.',
    'signal.notice': 'Sign of leaving: notice given on {since:day}[, contract until {end:day}].',
    'signal.contract_ends':
      'Sign of leaving: the contract ends on {end:day} and no deal for its renewal is open.',
    'signal.overdue': 'Sign of leaving: no order by {since:day}, {limit} times the usual interval.',
    'signal.one_time_buyer':
      'Sign of leaving: no second order by {since:day}, when 9 of 10 have placed theirs.',
    'signal.alive': 'Sign of leaving: still a customer with only {alive}%, below one half since {since:day}.',
    'signal.churn_up':
      'Sign of leaving: the risk of no order within 90 days rose from {before}% to {now}%; so much since {since:day}.',
    'signal.high_case': 'Sign of leaving: urgent case "{subject}" open since {opened:day}.',
    'signal.case_past_due': 'Sign of leaving: case "{subject}" should have been solved by {due:day}.',
    'signal.many_cases': 'Sign of leaving: {cases} cases since {since:day}.',
    'signal.revenue_down':
      'Sign of leaving: revenue of 6 months {now:money}, in the same months a year before {before:money}.',
    'signal.order_size_down': 'Sign of leaving: average order {now:money}, before {before:money}.',
    'signal.range_down':
      'Sign of leaving: different products in 6 months: {now:number}; in the same months a year before: {before:number}.',
    'signal.late_payment':
      'Sign of leaving: invoices are paid {now:n_days} late, {before:n_days} in the year before.',
    'signal.silent': 'Sign of leaving: last contact {last:day}, far beyond the plan.',
    'signal.survey': 'Sign of leaving: survey answer {answer:number} of 10.',
    'signal.key_contact_left': 'Sign of leaving: {name}, our main contact, has left[ (since {on:day})].',
    'signal.competitor': 'Sign of leaving: deal lost to a competitor on {on:day}.',
    'unread.signs': 'Not known, so no sign of leaving can be seen in: {signs:signs}.',
    'profile.referred_by': 'Came to us through another customer.',
    'profile.why_us': 'Why they chose us: {why:text}',
    'profile.needs': 'Needs: {needs:text}',
    'profile.thanked': 'Last thanked on {on:day}[: {how:text}].',
    'profile.left': 'Reason they left: {reason:left}.',
    'profile.loss_reason': 'Deal lost on {on:day}, reason: {reason:left}.',
    'profile.open_cases':
      'Could make them leave: open cases: {cases:number}, the oldest "{subject}" of {opened:day}.',
    'profile.reviewed': 'Profile reviewed on {on:day}.',
    'profile.complete': 'Profile: {known:number} of {facts:number} facts known ({percent}%).',
    'profile.ask.why_us': 'Ask next: why did they choose us?',
    'profile.ask.needs': 'Ask next: what do they need?',
    'profile.ask.deal_breakers': 'Ask next: what would make them leave?',
    'profile.ask.source': 'Ask next: how did they hear of us?',
    'profile.ask.thanked': 'Next: thank them, and note it.',
    'profile.ask.referrals': 'Ask next: whom could they recommend us to?',
    'profile.ask.review': 'The profile is older than 12 months: go through it with them.',
    'offer.product':
      '{product} was bought by {buyers:number} of {customers:number} similar customers, not by this one.',
    'rfm.name':
      'RFM: {name:rfm}. Recency {r:number} of 5: {days:n_days}[ (at most {daysLimit:number})]; frequency {f:number}: {purchases:n_purchases}[ (from {purchasesLimit:number})]; money {m:number}: {money:money}[ (from {moneyLimit:money})], in {months:n_within_months}.',
    'effort.within':
      'Effort: {spent:n_hours} a month; {percent}% of the profit pay for {budget:number}[, {left:number} left].',
    'effort.over':
      'Over the effort budget: {spent:n_hours} a month; {percent}% of the profit pay for {budget:number}.',
    'contribution.referrals':
      'Brought {referred:n_customers}: {profit:money} profit in 12 months, credited {credited:money} ({percent}%).',
    'contribution.others': 'Other contributions in 12 months: {count:number}, worth {amount:money}.',
    'contribution.in_tier': 'These contributions count for the rank: {amount:money} on top of the profit.',
    'goodwill.share':
      'Goodwill: {share:money2} a year ({percent}% of the profit of {profit:money2}), {used:money2} given in 12 months, {budget:money2} left.',
    'goodwill.none': 'No goodwill budget for the tier {tier:tier} at this profit.',
    'goodwill.price_only': 'No goodwill budget: buys for the price only.',
    'goodwill.over':
      'Over the goodwill budget: {used:money2} given in 12 months, the profit allows {share:money2}.',
    ...LEADS.en.reasons,
    'next.prospect.open_deal': 'Follow up the open deal "{deal}" of {created:day}',
    'next.prospect.first_meeting': 'Arrange a first meeting',
    'next.prospect.meet_again': 'Arrange a meeting; last contact {last:day}',
    'next.new.welcome_call': 'Welcome call by {by:day}',
    'next.new.welcome_back': 'Call to welcome them back by {by:day}',
    'next.new.next_order': 'Ask for the next order around {around:day} (last order {last:day})',
    'next.rhythm': 'Keep the rhythm: contact planned by {by:day} (last contact {last:day})',
    'next.rhythm.offer':
      'Keep the rhythm: contact planned by {by:day} (last contact {last:day}); mention {product}',
    'next.rhythm.never_contacted': 'Make a first contact: none is known yet',
    'next.rhythm.no_plan': 'Keep the rhythm',
    'next.rhythm.over_effort':
      'Answer what they ask, no more: the profit does not pay for the time they take',
    'next.loyal.thank': 'Say thank you and ask for a referral',
    'next.leaving.case': 'Solve the open case first: "{subject}" of {opened:day}',
    'next.leaving.ask': 'Ask what is wrong[; last order {last:day}]',
    'next.lost.win_back':
      'Record why they left; win-back contacts on {first:day}, {second:day} and {third:day}',
    'next.lost.ask_reason': 'Record why they left[; last order {last:day}]',
    'next.lost.nothing': 'Nothing to do; they left because of: {reason:left}',
    'next.own': '{en:text}',
    'next.nothing': 'Nothing to do',
    'next.loss_making.talk': 'Talk about {topic:topic}: the largest cost is {item:item}',
  },
  ...enNames,
} as const;
