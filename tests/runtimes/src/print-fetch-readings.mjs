import process from 'node:process';
import { fetchReadings } from './fetch-readings.mjs';

const [origin, other] = process.argv.slice(2);
console.log(JSON.stringify(await fetchReadings(origin, other)));
