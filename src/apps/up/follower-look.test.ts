import { expect, test } from 'vitest';
import { followerLook } from './follower-look.ts';

test('a follower that takes no snapshots is told of when that begins and when it ends, one that is gone once', () => {
  const told: string[] = [];
  const follower = { lame: '', unsaved: '' };
  const look = followerLook(follower, (subject, text) => told.push(`${subject} ${text}`));
  const lookTwice = (): void => {
    look();
    look();
  };
  lookTwice();
  expect(told).toEqual([]);
  follower.unsaved = 'no snapshot is taken: the disk is full';
  lookTwice();
  follower.unsaved = '';
  lookTwice();
  follower.lame = 'the follower ended: out of memory';
  follower.unsaved = 'no snapshot is taken: the disk is full';
  lookTwice();
  expect(told).toEqual([
    'SNAPSHOTS_LACK no snapshot is taken: the disk is full',
    'SNAPSHOTS_AGAIN snapshots are taken again',
    'FOLLOWER_LAME nobody checks the core against its journal or takes snapshots: the follower ended: out of memory',
  ]);
});
