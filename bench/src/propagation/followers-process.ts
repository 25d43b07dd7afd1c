// A process of followers (arguments: address, raw or ours, how many). Says when the last of them has seen each change,
// by the machine's monotonic clock, which is the same in every process.
import { followByHand, followWithOurs } from './follower.ts';

const [url = '', kind, count] = process.argv.slice(2);
const follow = kind === 'ours' ? followWithOurs : followByHand;
const followers = await Promise.all(Array.from({ length: Number(count) }, () => follow(url)));

let seen = 0;
for (const follower of followers) {
  follower.onFlip = () => {
    seen += 1;
    if (seen < followers.length) return;
    seen = 0;
    process.send?.(String(process.hrtime.bigint()));
  };
}
process.once('disconnect', () => {
  for (const follower of followers) void follower.close();
});
process.send?.('ready');
