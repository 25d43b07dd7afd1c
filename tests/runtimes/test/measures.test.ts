import { createHmac } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { metricsOf, recordsOf, startCollector } from '../../../packages/otlp/test/collector.ts';
import { promtool } from '../../live/support/prometheus.ts';
import { runtimes } from '../support/runtimes.ts';

it.each(runtimes)('$name is measured by prom-client, by OTLP and by an event for each evaluation', async ({ run }) => {
  const collector = await startCollector();
  onTestFinished(() => collector.stop());
  const { url, eventsUrl } = collector;
  const { code, stdout, stderr } = await run('src/measures.mjs', JSON.stringify({ url, eventsUrl }));
  expect(stdout, stderr).not.toBe('');
  const { exposition, ...rest } = JSON.parse(stdout) as { exposition: string };
  expect(rest).toEqual({ taken: [true, true], dropped: 0 });

  expect(exposition).toContain('\nfeature_flag_refresh_success_total 1\n');
  expect(exposition).toContain('{flag="new_checkout",variant="on",reason="STATIC"} 1\n');
  expect(exposition).toContain('{flag="__unknown__",variant="__fallback__",reason="ERROR"} 1\n');
  expect(await promtool(['check', 'metrics'], exposition)).toEqual({ code: 0, output: '' });

  const pushed = collector.received.flatMap(({ body }) => metricsOf(body));
  const evaluations = pushed.find(({ name }) => name === 'feature_flag_evaluations_total')?.sum?.dataPoints ?? [];
  expect(evaluations.map(({ asDouble }) => asDouble)).toEqual([1, 1]);

  const records = collector.receivedEvents.flatMap(({ body }) => recordsOf(body));
  const named = records.map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])));
  const id = createHmac('sha256', 'a secret of some length').update('u1').digest('hex').slice(0, 32);
  expect(named).toMatchObject([
    { 'feature_flag.key': { stringValue: 'new_checkout' }, 'feature_flag.context.id': { stringValue: id } },
    { 'feature_flag.key': { stringValue: 'unheard_of' }, 'error.type': { stringValue: 'flag_not_found' } },
  ]);
  expect(code, 'it was killed, for it did not end').toBe(0);
});
