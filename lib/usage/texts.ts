import { type Database, openDatabase } from '../storage/database.ts';

/** The words of one call, kept only for sites whose history the user has set to that. */
export interface CallText {
  asked: string;
  answered: string;
}

/** Apart from the list, which stays short to read however long the words are. By the key of the entry. */
export const textDatabase: Database<{ texts: CallText }> = openDatabase<{ texts: CallText }>('switchboard-texts', ['texts']);

/** Longer than any answer, shorter than what would fill a disk in a day. */
const maxCharacters = 200_000;

/** Cut where it is endless. */
export function shortText({ asked, answered }: CallText): CallText {
  return { asked: asked.slice(0, maxCharacters), answered: answered.slice(0, maxCharacters) };
}
