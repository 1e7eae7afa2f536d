import { type Database, openDatabase } from '../storage/database.ts';
import type { ActivityEntry } from './activity.ts';
import type { Spent } from './spent.ts';

/** A call at work, at the most it can cost. */
export interface Reservation {
  id: string;
  origin: string;
  connectionId: string;
  backend: string;
  model: string;
  startedAt: number;
  /** The day it counts for, `2026-01-31` in the user's own time. */
  day: string;
  inputTokens: number;
  outputTokens: number;
  microUsd: number;
  /** Answers it asks for, each of them a call; absent means one. */
  calls?: number;
  /** Nobody knows the price. */
  isUnpriced?: boolean;
  /** Only ever in memory. */
  isPrivate?: boolean;
}

export interface UsageRows {
  /** By `day|origin|connectionId|model`. */
  days: Spent;
  /** By origin, for ever. */
  totals: Spent;
  /** By id; what is found here when the background starts was at work when it died. */
  reservations: Reservation;
  /** By time and id, so that the order of keys is the order of calls. */
  activity: ActivityEntry;
}

/** Sorts by time as text. */
export function activityKey({ startedAt, id }: Pick<ActivityEntry, 'startedAt' | 'id'>): string {
  return `${String(Math.round(startedAt)).padStart(15, '0')}|${id}`;
}

export const usageDatabase: Database<UsageRows> = openDatabase<UsageRows>('switchboard-usage', [
  'days',
  'totals',
  'reservations',
  'activity',
]);
