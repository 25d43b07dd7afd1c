/** Changing the text of a document in its places: `@clarity/flags-changes/text`. Pure, in every runtime. */
export type { EditedText } from './text/edit-text.ts';
export { editText } from './text/edit-text.ts';
