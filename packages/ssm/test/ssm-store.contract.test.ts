import { describePublisherContract, describeSourceContract } from '@clarity/flags-testing/contracts';
import { chunkedSourceHarness, publisherHarness, singleSourceHarness } from './ssm-harness.ts';

describeSourceContract('SSM, one parameter', singleSourceHarness, {
  deviations: { 'a document of 200 KB arrives whole': 'one parameter holds 8 KB; larger ones need the chunked layout' },
});
describeSourceContract('SSM, chunked', chunkedSourceHarness);
describePublisherContract('SSM, one parameter', publisherHarness('single'));
describePublisherContract('SSM, chunked', publisherHarness('chunked'));
