import { suggest } from '../../base/suggest.ts';
import type { Actor } from '../../domain/actor.ts';
import { rolesOfVerb } from '../../core/rollout/authority.ts';
import { deskPeople } from '../desk/people.ts';
import { Refusal } from '../desk/exit-codes.ts';
import type { People } from './people-file.ts';

/** How somebody says who asks: a token of the file of people, or, on a desk without one, one of its demonstration people. */
export interface Claim {
  readonly verb: string;
  readonly token: string | undefined;
  readonly as: string | undefined;
}

export interface NotAsked {
  readonly code: 'PERSON_REQUIRED' | 'UNKNOWN_TOKEN' | 'PEOPLE_FILE';
  readonly text: string;
}

type DemoName = keyof typeof deskPeople;

/** Who speaks on a demonstration desk when nobody is named: the one whose work it is. */
const usual: Readonly<Record<string, DemoName>> = { deploy: 'trader', kill: 'senior', release: 'senior' };

/** Whoever pulls the kill switch at the machine itself need not look for a token first. */
const atTheMachine: Actor = { personID: 'at-the-machine', roles: ['SeniorManagement'] };

/** Who asks, or why nobody does. */
export function askerOf(people: People, { verb, token, as }: Claim): Actor | NotAsked {
  try {
    if (!people.known) return demoPerson(verb, token, as);
    if (token === undefined) {
      if (verb === 'kill') return atTheMachine;
      return {
        code: 'PERSON_REQUIRED',
        text: `${verb} takes a person's token (--token FILE): this desk knows its people by ${people.path}`,
      };
    }
    return people.holderOf(token) ?? { code: 'UNKNOWN_TOKEN', text: 'the token is nobody’s, or it has expired' };
  } catch (error) {
    if (error instanceof Refusal) return { code: 'PEOPLE_FILE', text: error.message };
    throw error;
  }
}

/** Who speaks for a desk without a file of people when nobody is named. */
export function demoActor(verb: string): Actor {
  return deskPeople[usual[verb] ?? 'risk'];
}

function demoPerson(verb: string, token: string | undefined, as: string | undefined): Actor | NotAsked {
  if (token !== undefined)
    return {
      code: 'UNKNOWN_TOKEN',
      text: 'this desk has no file of people: plimsoll token new makes one, --as names one of its own people',
    };
  const names = Object.keys(deskPeople) as DemoName[];
  const name = as ?? usual[verb] ?? 'risk';
  const found = names.find((one) => one === name);
  return found === undefined
    ? { code: 'PERSON_REQUIRED', text: `--as: expected ${names.join(', ')}, was ${name}${suggest(name, names)}` }
    : deskPeople[found];
}

/** The gateway obeys the kill switch before the core can look at roles: they are looked at here. */
export function mayKill(actor: Actor | null): boolean {
  return actor === null || actor.roles.some((role) => rolesOfVerb('kill').includes(role));
}

export function isNotAsked(asker: Actor | NotAsked): asker is NotAsked {
  return 'code' in asker;
}
