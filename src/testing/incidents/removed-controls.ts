/** A control as the place that holds it: taken out, the test of its incident has to fail. */
export interface RemovedControl {
  /** Test file beside this one, without its ending. */
  readonly incident: string;
  /** The test's name. */
  readonly test: string;
  /** Each `find` stands in its file exactly once; where two controls guard one thing, both are taken out. */
  readonly edits: readonly Edit[];
}

interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const checks = 'src/core/risk/checks';
const rollout = 'src/core/rollout';

const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });

const capLooked = edit(`${checks}/allocation.ts`, 'if (cmp(used, cap) <= 0) return true;', 'if (cmp(used, cap) <= 1) return true;');
const unknownCounts = edit(
  'src/core/report-flow.ts',
  '  if (isOver(order)) {\n    orderClosed(risk, order.clOrdID);',
  "  if (isOver(order) || order.ordStatus === 'unknown') {\n    orderClosed(risk, order.clOrdID);",
);
const wakesByTwo = edit(`${rollout}/authority.ts`, "  'unhalt',\n  'startStrategy',", "  'startStrategy',");

const knight: readonly RemovedControl[] = [
  {
    incident: 'knight',
    test: 'a node whose build decides otherwise than the journal says does not trade on it',
    edits: [
      edit(
        'src/runtime/recovery.ts',
        'if (difference !== undefined) return err(refusalOf(',
        'if (difference === null) return err(refusalOf(',
      ),
    ],
  },
  {
    incident: 'knight',
    test: 'a follower whose build decides otherwise than the core says so, and takes no snapshot',
    edits: [edit('src/runtime/replay.ts', 'if (!isSame) this.#differ(', 'if (derived === null) this.#differ(')],
  },
  {
    incident: 'knight',
    test: 'a generator of child orders whose count of fills never advances stops at the lots of its parent',
    edits: [unknownCounts],
  },
  {
    incident: 'knight',
    test: 'whatever such a generator sends, filled and open together stay within the capital that its version was granted',
    edits: [capLooked],
  },
  {
    incident: 'knight',
    test: 'a version that nobody registered is not deployed',
    edits: [edit(`${rollout}/deploy.ts`, 'if (!rollout.versions.has(`${spec.algorithmID}/${spec.version}`))', "if (spec.version === '')")],
  },
  {
    incident: 'knight',
    test: 'a version that was taken out of trading does not come back by one person',
    edits: [
      edit(
        `${rollout}/deploy.ts`,
        "if (rollout.lifecycle[row] === 'Halted' || rollout.lifecycle[row] === 'Failed')",
        "if (rollout.lifecycle[row] === 'Failed')",
      ),
    ],
  },
  {
    incident: 'knight',
    test: 'a flag used again: the name of a version never stands for another program',
    edits: [edit(`${rollout}/commands.ts`, 'return versions.get(id) === asked.artifactDigest', 'return versions.has(id)')],
  },
  {
    incident: 'knight',
    test: 'a flag used again: the key of a command never stands for another command',
    edits: [edit(`${rollout}/commands.ts`, 'return known.digest === digest', "return known.digest !== ''")],
  },
];

const goldman: readonly RemovedControl[] = [
  {
    incident: 'goldman',
    test: 'an order of a version on paper never reaches a venue, whatever its host sends',
    edits: [
      edit('src/runtime/gateway.ts', '(simulated ? this.#simulatorByVenue : this.#byVenue)', '(simulated ? this.#byVenue : this.#byVenue)'),
    ],
  },
  {
    incident: 'goldman',
    test: 'an order that depends on another goes to a venue that keeps it dependent, and to no other',
    edits: [
      edit(
        `${checks}/form.ts`,
        'if (!capabilities.ordTypes.includes(order.ordType)) return deny',
        'if (capabilities.ordTypes.length === 0) return deny',
      ),
    ],
  },
  {
    incident: 'goldman',
    test: 'the price band holds before the open, on orders that the venue keeps until then',
    edits: [
      edit(`${checks}/price-collar.ts`, 'if (!beyondBps(price, refTwice, limit, side)) return true;', 'if (refTwice > 0) return true;'),
    ],
  },
  {
    incident: 'goldman',
    test: 'an order before the open is not sent when no price is known that it could be held against',
    edits: [edit(`${checks}/reference-price.ts`, 'if (c.refTwice > 0 && c.refValid) return true;', 'if (c.refTwice > 0) return true;')],
  },
  {
    incident: 'goldman',
    test: 'a venue that keeps no orders gets none before the open',
    edits: [edit(`${checks}/trading-hours.ts`, 'isQueued(risk, c) ||', 'c.at > 0 ||')],
  },
  {
    incident: 'goldman',
    test: 'one person, in whatever roles, does not re-arm a breaker',
    edits: [
      edit(`${rollout}/authority.ts`, 'if (approvedBy === null || approvedBy.personID === actor.personID) {', 'if (approvedBy === null) {'),
    ],
  },
  { incident: 'goldman', test: 'a breaker of one version that has tripped takes two people too', edits: [wakesByTwo] },
];

const citi: readonly RemovedControl[] = [
  {
    incident: 'citi',
    test: 'a quantity typed where a notional was meant is refused by its value',
    edits: [edit(`${checks}/notional.ts`, 'if (micro <= limit) return true;', 'if (micro > 0) return true;')],
  },
  {
    incident: 'citi',
    test: 'a quantity typed where a notional was meant is refused by its size',
    edits: [edit(`${checks}/order-size.ts`, 'if (units <= limit) return true;', 'if (units > 0) return true;')],
  },
  {
    incident: 'citi',
    test: 'a basket that passes line by line stops where its total passes the capital',
    edits: [
      edit(
        `${checks}/allocation.ts`,
        'columnGet(part, simulated ? gate.paperReserved : gate.reserved, row);',
        'columnGet(part, gate.paperReserved, row);',
      ),
    ],
  },
  {
    incident: 'citi',
    test: 'what does not pass is waived by its name: no word stands for all of it',
    edits: [edit(`${rollout}/promotion.ts`, 'if (unknown !== undefined)', "if (unknown === 'nothing')")],
  },
  {
    incident: 'citi',
    test: 'a waiver is for one gate before one stage: the next stage asks again',
    edits: [edit(`${rollout}/entry-gates.ts`, 'return `${stage}/${gate}`;', 'return gate;')],
  },
  {
    incident: 'citi',
    test: 'a waiver takes two people',
    edits: [edit(`${rollout}/authority.ts`, "  'waive',\n  'unhalt',", "  'unhalt',")],
  },
];

const everbright: readonly RemovedControl[] = [
  {
    incident: 'everbright',
    test: 'what is sent again counts on top of the order that nobody answered for',
    edits: [unknownCounts],
  },
  {
    incident: 'everbright',
    test: 'the first order fills after all: what was bought is still within the capital',
    edits: [unknownCounts],
  },
  {
    incident: 'everbright',
    test: 'the same order again within the window is a duplicate',
    edits: [edit(`${checks}/duplicate.ts`, 'if (since < window) return deny', 'if (since < 0) return deny')],
  },
  {
    incident: 'everbright',
    test: 'a loop that sends again is stopped by the rate of orders, cancels are not',
    edits: [
      edit(`${checks}/order-rate.ts`, 'if (isWithinRate(risk.orderRate, window, scope, ix, c.at)) continue;', 'if (c.at > 0) continue;'),
    ],
  },
];

const twoSigma: readonly RemovedControl[] = [
  {
    incident: 'two-sigma',
    test: 'a number of a limit that no command changed is found by the follower at the next agreed number',
    edits: [
      edit(
        'src/core/risk/hash.ts',
        '? limitOf(risk.limits, name, scope, ix) : noLimit;',
        '? (risk.limits.entries.find((one) => one.name === name && one.scope === scope)?.value ?? noLimit) : noLimit;',
      ),
    ],
  },
  {
    incident: 'two-sigma',
    test: 'a check that was switched off by hand gives another state hash',
    edits: [edit('src/core/risk/hash.ts', 'risk.limits.active[name] > 0 ? limitOf', 'risk.limits.active[name] >= 0 ? limitOf')],
  },
  {
    incident: 'two-sigma',
    test: 'a running version does not take other parameters: another spec for it is refused',
    edits: [
      edit(
        `${rollout}/deploy.ts`,
        'if (served !== undefined && (isUnfinished(served.phase) || served.stage >= 0)) {',
        'if (served !== undefined && isUnfinished(served.phase) && served.stage < -9) {',
      ),
    ],
  },
  {
    incident: 'two-sigma',
    test: 'an approval is for the spec that was read: another spec under the same name is not approved',
    edits: [edit(`${rollout}/deployment-commands.ts`, 'if (specHash !== deployment.spec.specHash)', "if (specHash === '')")],
  },
];

const merrill: readonly RemovedControl[] = [
  {
    incident: 'merrill',
    test: 'with every limit as wide as it can be set an order past the granted capital does not leave',
    edits: [capLooked],
  },
  {
    incident: 'merrill',
    test: 'a limit on money that lies above all of the capital is refused: it would only look like one',
    edits: [edit('src/core/risk/never-binds.ts', 'return value <= capital', 'return value >= 0')],
  },
  {
    incident: 'merrill',
    test: 'a share or a distance that no market reaches is no limit',
    edits: [edit('src/core/risk/limits.ts', 'if (value < 0 || value > rule.max) {', 'if (value < 0) {')],
  },
  {
    incident: 'merrill',
    test: 'widening a limit, or removing it, takes two people; tightening takes one',
    edits: [edit('src/core/limit-commands.ts', 'if (loosens(key.limit, present, value)) {', 'if (present === -1) {')],
  },
  {
    incident: 'merrill',
    test: 'a wide limit of the firm does not loosen the narrow one of a version',
    edits: [
      edit(
        'src/core/risk/facts.ts',
        'c.mostQty = Math.min(a[aAt + qtyAt], r[rAt + qtyAt], l[lAt + qtyAt]);',
        'c.mostQty = Math.min(a[aAt + qtyAt], l[lAt + qtyAt]);',
      ),
    ],
  },
];

const outages: readonly RemovedControl[] = [
  {
    incident: 'venue-outage',
    test: 'orders that nobody answers for count in full against the position limit',
    edits: [unknownCounts],
  },
  {
    incident: 'venue-outage',
    test: 'what the venue replays after the outage is booked once',
    edits: [
      edit(
        'src/core/orders/apply-report.ts',
        'if (remembered && isRepeated(store, report, out)) return;',
        'if (remembered && report.execType !== "trade" && isRepeated(store, report, out)) return;',
      ),
      edit(
        'src/core/orders/order-actions.ts',
        'if (report.cumQty >= 0 && findTwin(',
        'if (report.cumQty >= 0 && report.cumQty < 0 && findTwin(',
      ),
    ],
  },
  {
    incident: 'venue-outage',
    test: 'a fill that comes after the order was taken for canceled is booked',
    edits: [edit('src/core/orders/order-table.ts', "trade: to('canceled', 'fill'),", 'trade: keep,')],
  },
  {
    incident: 'venue-outage',
    test: 'while a venue’s prices are silent the version that trades on them may only cancel',
    edits: [
      edit(
        'src/core/market-flow.ts',
        'if (!row.custodian && rowStaleness(core.risk, row.ix, at) > 0) restrictRow(core, row.ix, seq, at, outcome);',
        'if (row.custodian && rowStaleness(core.risk, row.ix, at) > 0) restrictRow(core, row.ix, seq, at, outcome);',
      ),
    ],
  },
];

const access: readonly RemovedControl[] = [
  {
    incident: 'market-access',
    test: 'with the disk full a kill and its cancels leave at once; an order does not leave at all',
    edits: [
      edit(
        `${rollout}/kill.ts`,
        "outcome.effects.push({ kind: 'kill', reducing: engaged,",
        "outcome.effects.push({ kind: 'kill', reducing: false,",
      ),
    ],
  },
  {
    incident: 'market-access',
    test: 'under load a kill empties the queue of orders and goes before everything',
    edits: [
      edit('src/runtime/gateway.ts', '    for (const route of this.#routes) this.#dropRefused(route, () => true);\n', ''),
      edit(
        'src/runtime/gateway.ts',
        '        const refusal = this.#refusalOf(request.order, route.venue);\n',
        '        const refusal = undefined;\n',
      ),
    ],
  },
  {
    incident: 'market-access',
    test: 'the gateway refuses by itself, whatever a core that does not know of the kill still sends',
    edits: [edit('src/runtime/gateway.ts', "    if (this.#isKilled(venue, order.account, order.row)) return 'KILL_SWITCH_ENGAGED';\n", '')],
  },
  {
    incident: 'market-access',
    test: 'under a kill every strategy is refused, those that start later too',
    edits: [edit(`${checks}/authority.ts`, "  if (risk.killed) return deny(risk, 'KILL_SWITCH_ENGAGED', 1, 0);\n", '')],
  },
  {
    incident: 'market-access',
    test: 'nothing between a kill and the venue may know a database',
    edits: [
      edit(
        'src/testing/tidy/rooms.ts',
        "{ name: 'runtime', mayImport: ['base', 'domain', 'ports', 'core', 'journal']",
        "{ name: 'runtime', mayImport: ['base', 'domain', 'ports', 'core', 'journal', 'storage']",
      ),
    ],
  },
];

export const removedControls: readonly RemovedControl[] = [
  ...knight,
  ...goldman,
  ...citi,
  ...everbright,
  ...twoSigma,
  ...merrill,
  ...outages,
  ...access,
];
