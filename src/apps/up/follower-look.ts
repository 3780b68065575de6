import type { FollowerThread } from '../desk/follower.ts';

/**
 * Looks at a desk's follower each time that it is called: that it is gone is told once, that it takes no snapshots when that begins and when it ends.
 * @param tell hears what people must hear: subject and text.
 */
export function followerLook(
  follower: Pick<FollowerThread, 'lame' | 'unsaved'>,
  tell: (subject: string, text: string) => void,
): () => void {
  let [gone, unsaved] = [false, false];
  return () => {
    if (follower.lame !== '') {
      if (!gone) tell('FOLLOWER_LAME', `nobody checks the core against its journal or takes snapshots: ${follower.lame}`);
      gone = true;
      return;
    }
    if (unsaved === (follower.unsaved !== '')) return;
    unsaved = !unsaved;
    if (unsaved) tell('SNAPSHOTS_LACK', follower.unsaved);
    else tell('SNAPSHOTS_AGAIN', 'snapshots are taken again');
  };
}
