/** Writes src/feeds/calendars/market-days.ts from the market-hours file beside the project: dates and times only, a line for each year. */
import { readFileSync, writeFileSync } from 'node:fs';
import { marketDaysSource, type MarketHours } from './calendars/market-days-source.ts';

const hoursFile = new URL('../../shared/data/lean/market-hours/market-hours-database.json', import.meta.url);
const tableFile = new URL('../src/feeds/calendars/market-days.ts', import.meta.url);

const hours = JSON.parse(readFileSync(hoursFile, 'utf8')) as MarketHours;
const source = marketDaysSource(hours);
writeFileSync(tableFile, source);
console.log(`src/feeds/calendars/market-days.ts: ${source.split('\n').length - 1} lines`);
