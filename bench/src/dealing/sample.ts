// One sample: two kinds of flags in a process of its own. `node sample.ts <kind> <baseline> ratio|bytes` prints by how
// much a question about the one costs more than about the other, or what it allocates.
import { decodeDocument } from '@clarity/flags-core/document';
import { createEvaluator, type EvaluationContext } from '@clarity/flags-core/evaluation';
import { allocatedBytesPerCall } from '../allocated-bytes.ts';
import { askEach } from '../evaluation/ask.ts';
import { compare, warmUp, type Work } from '../evaluation/timing.ts';
import { makeUsers } from '../evaluation/user.ts';
import { documentOf, type Kind } from './flags.ts';

const [kind, baseline, figure] = process.argv.slice(2) as [Kind, Kind, 'ratio' | 'bytes'];
// Through text, as contexts of real requests come: flat strings, and objects of one shape.
const contexts = JSON.parse(
  JSON.stringify(makeUsers(10_000).map(({ id, country }) => ({ targetingKey: id, country }))),
) as EvaluationContext[];

function work(of: Kind): Work {
  const { document, keys } = documentOf(of);
  const result = decodeDocument(JSON.stringify(document));
  if (!result.ok || result.setAside.length > 0) throw new Error(`the flags of ${of} are not read`);
  const evaluator = createEvaluator(result.document);
  const isEnabled = (key: string, context: unknown): boolean =>
    evaluator.isEnabled(key, context as EvaluationContext, false);
  const on = askEach(isEnabled, keys, contexts, 10_000);
  if (of !== 'plain' && (on < 4_500 || on > 5_500))
    throw new Error(`${of}: on for ${on} of 10,000, and not for about a half`);
  return (calls) => askEach(isEnabled, keys, contexts, calls);
}

if (figure === 'ratio') console.log((await compare(work(kind), work(baseline))).ratio);
else {
  const one = work(kind);
  console.log(await allocatedBytesPerCall(one, 4 * (await warmUp(one))));
}
