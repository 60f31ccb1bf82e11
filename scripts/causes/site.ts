import type { Chapter } from './chapter.ts';

/** Why messages about requests and jobs of Wix come. */
export const site: Chapter = {
  title: 'Reading and writing the site',
  causes: [
    {
      says: 'Its log names the item',
      why: 'A part of the message of an export that was only partially successful: what Wix says of the items that it left out.',
      help: 'What the log says of the item; correct it in the CMS.',
    },
    {
      says: 'The disk of the runner is full',
      why: 'A clone, a download or a report found no space left.',
    },
    {
      says: 'Waiting for …: could not',
      why: 'A line of the log, no error: Wix or GitHub is busy, or did not answer. Said once a minute at most; the last of a few tries fails the run.',
      help: 'Nothing: the run goes on by itself.',
    },
    {
      says: 'The next try, in',
      why: 'Wix asked for a longer pause than `timeout-minutes` leaves, as where its quota is used up. Asking earlier would not help.',
    },
    {
      says: 'the input requests-per-minute allows',
      why: 'A line of the log, no error: the run keeps to the pace of the input.',
      help: 'Nothing. If no other program asks Wix for this site, raise the input; 200 is the most that Wix allows.',
    },
    {
      says: 'the site has no such collection',
      why: 'Ids are case-sensitive and are not display names. Collections of an app are gone when it is removed.',
    },
    {
      says: 'but the collection has no such field',
      why: '`fields` and `exclude` take field keys, not display names. A field that was excluded by a wrong name would enter git for good.',
    },
    {
      says: 'the main language of the site is',
      why: 'The first language of the entry is taken for the one that the others are translated from.',
    },
    {
      says: 'the export has no language',
      why: 'The languages are named as the site names them.',
    },
    {
      says: 'The site has:',
      why: 'A part of the messages above: what the names may be.',
      help: 'Write one of them.',
    },
    {
      says: 'the export has no column with the item ids',
      why: 'Wix named the column otherwise than is known; the columns are in the message.',
    },
    {
      says: 'could be any of the fields',
      why: 'The export has display names for headers, and two fields share one.',
    },
    { says: 'are both the field', why: 'A display name is also the key of another field.' },
    {
      says: 'are of no layout that is known',
      why: 'Translations came in columns that nobody has seen yet. Nothing was changed.',
    },
    {
      says: 'the export holds the key',
      why: 'Wix wrote an item twice, mostly while it was edited.',
    },
    { says: 'rows of the export have no id', why: 'The download is damaged.' },
    { says: 'the downloaded export is damaged', why: 'The download ended early or is not CSV.' },
    { says: 'but the download holds', why: 'The download ended early, or Wix left items out.' },
    {
      says: '…: … The file was left as it was.',
      why: 'The job did not end well; its words stand before.',
      help: 'What the words before it say; run the export again.',
    },
    { says: 'ended without a file to download', why: 'Wix finished the job and gave no address.' },
    {
      says: 'not written, since an earlier file failed',
      why: 'A run stops writing at its first failure, and this file came behind it.',
      help: 'Mend the first failure; the next run goes on.',
    },
    {
      says: 'was cancelled after it began to write',
      why: 'Somebody stopped the workflow.',
      help: 'Run again: it compares, and writes what is missing.',
    },
    {
      says: 'was terminated, and some of its rows',
      why: 'The run was cancelled; Wix may have written a part of the job before it ended.',
      help: 'Run the import again: it compares, and writes what is missing.',
    },
    {
      says: 'could not be terminated and may still write',
      why: 'The run was cancelled while Wix gave no answer.',
      help: 'End the job in the dashboard, or let it end; then run the import again.',
    },
    {
      says: 'was submitted before and may still write',
      why: 'The run could not follow its job to the end. Nothing is sent twice.',
      help: 'Run the import again: it waits for the job. Nothing is sent twice.',
    },
    {
      says: 'gave the same page of a list again',
      why: 'A defect of Wix, or of what stands between; without this stop the run would never end.',
    },
    {
      says: 'was lost before, so it may run',
      why: 'The connection broke when the job was submitted.',
      help: 'Run again: it looks for the job by its name, and sends nothing twice.',
    },
    {
      says: 'not read back to compare',
      why: 'The rows were written, but the site could not be read afterwards, so base stays as it was.',
      help: 'What the words in the middle say, and run the import again: it compares.',
    },
    {
      says: 'it holds a single item',
      why: 'Imports do not write to such a collection. Exports keep it in git all the same.',
    },
    {
      says: 'which holds its drafts',
      why: 'The collection has drafts, which an import would pass by.',
    },
    {
      says: 'Wix does not let it be emptied',
      why: 'The policy truncate-before empties the collection first, and this one does not allow it.',
    },
    {
      says: 'Wix lets nobody write to it',
      why: 'Wix says of each collection what can be done with it. Exports keep it in git all the same.',
    },
    {
      says: 'It could not be given back',
      why: 'Wix did not keep a field that import files do not carry, or a value that is encrypted, and did not take it back either.',
      help: 'Put back what the log lists; see [what is left out](files.md#what-is-left-out-and-where-it-is-said).',
    },
    {
      says: 'It was given back.',
      why: 'As above, and Wix took it back: only the one row was written.',
      help: 'What the message says next.',
    },
    {
      says: 'if these values may go',
      why: 'The import took references or an encrypted value.',
    },
    {
      says: 'so that imports carry it',
      why: 'The item has a property that is no field of the collection. Exports do not show it, and imports erase it.',
    },
    {
      says: 'so their references were given back',
      why: 'A remark: the site empties multi-references that a file does not carry. The import wrote them again.',
      help: 'Nothing.',
    },
    {
      says: 'its items could not be read',
      why: 'A warning: the key may not read items, or the collection does not let anybody. The import went on.',
      help: 'Give the API key the permission that the words at the end name.',
    },
    {
      says: 'its item could not be read to compare',
      why: 'The first row was written, and then Wix did not show its item.',
    },
    {
      says: 'appeared instead',
      why: 'The site did not find the id in the file, and made a new item of the row.',
      help: 'What the message says next.',
    },
    {
      says: 'were tried next',
      why: 'A remark: some sites take display names as headers of an import, some field keys. One row shows it.',
    },
    {
      says: 'Nothing more was written. Set',
      why: 'The site took neither kind of headers, or not the configured one. Only one row was tried.',
    },
    {
      says: 'so the rows were sent as JSONL',
      why: 'A remark: the site stores the values of a CSV file as text. JSON lines have types of their own.',
    },
    {
      says: 'though it was sent with its type',
      why: 'The site stores the field with another type, whatever file it comes in.',
    },
    {
      says: 'cuts the milliseconds of',
      why: 'A remark: exports have whole seconds, and an import writes the whole item from them.',
      help: 'Nothing, where seconds are enough; else edit the collection in the CMS alone.',
    },
    {
      says: 'in its own form',
      why: 'A remark: the value arrived, and the site writes it otherwise: without blanks at the ends, in UTC, with other tags.',
      help: 'Nothing: the next export brings the form to git.',
    },
    {
      says: 'truncate-before could empty …',
      why: 'That policy removes the items and makes them anew from the file, which carries multi-references not at all and encrypted values not for certain. Nothing was written.',
    },
    {
      says: 'could not be removed',
      why: 'Wix refused to delete the item; its words are in brackets.',
      help: 'What the words of Wix say; else remove the item in the CMS. The next import tries again.',
    },
    {
      says: 'that its log does not name',
      why: 'A row was rejected, and nobody can tell which from what Wix says. The read-back names rows that did not arrive.',
      help: 'Look for the rows that the read-back names, correct them, and run again.',
    },
    {
      says: 'items rejected.',
      why: 'Wix could not write some items into the export.',
      help: 'Run the export again; if it stays, report the job id to Wix.',
    },
    {
      says: 'was only partially successful',
      why: 'As Wix says it: something that the job writes to did not take everything.',
      help: 'Run again; if it stays, report the job id to Wix.',
    },
    {
      says: 'is gone: somebody terminated it',
      why: 'In the dashboard, or by a run that was cancelled.',
    },
    {
      says: 'report the job id to Wix',
      why: 'The end of a message on a job: Wix failed without a code that is known.',
    },
    {
      says: 'The time for the jobs is up',
      why: 'The jobs took longer than the input allows.',
      help: 'Raise the input, or run again: see [large sites](large-sites.md#time).',
    },
    {
      says: 'It may still run: look at the site',
      why: 'A warning: the run was cancelled, and its import may go on.',
    },
    {
      says: 'The upload of … bytes was refused',
      why: 'The host for uploads did not take the file.',
      help: 'What the message ends with.',
    },
    {
      says: 'Merge the edits in several smaller pull requests',
      why: 'The end of the message above, where the file is too large for the host (HTTP 413).',
    },
    {
      says: 'Run again; if it stays, report it to Wix',
      why: 'The end of the same message, for every other status.',
    },
    {
      says: 'the job … failed: …',
      why: 'The job ended without having done its work. The code and words are those of Wix.',
      help: 'What the message ends with; see [the codes of Wix](#codes-of-wix).',
    },
    {
      says: 'Wix refused to …',
      why: 'Wix did not do what it was asked. In brackets are the status, code and words of Wix, and the id to name to its support.',
      help: 'What the message ends with; see [the codes of Wix](#codes-of-wix).',
    },
    { says: 'Wix did not answer when asked', why: 'The network, a proxy, or Wix is in trouble.' },
    {
      says: 'with something unexpected',
      why: 'Wix or GitHub, or a proxy on the way, answered in another form than its pages describe.',
    },
    {
      says: 'before Wix had answered in full',
      why: 'A list went on and on, or a file came drop by drop, until `timeout-minutes` was over.',
    },
    {
      says: 'its answer has more than 32 MiB',
      why: 'Something that is not the API answered, or it is in trouble; the memory of the runner is spared.',
    },
    {
      says: 'The download of the export has more than',
      why: 'An export of more than 4 GiB, or a file that unfolds into one; the disk of the runner is spared.',
    },
    {
      says: 'The download of the export was',
      why: 'The link has expired, or the host is in trouble.',
    },
    {
      says: 'The download could not be stored',
      why: 'The disk of the runner failed or is full.',
      help: 'Free space on the runner, and run again.',
    },
    {
      says: 'which is not a host for files',
      why: 'Wix named a private or unsafe address for an upload or download.',
    },
    {
      says: 'Check that the input api-key holds',
      why: 'HTTP 401: the key is not whole, has a word before it, or was revoked.',
    },
    {
      says: 'Check that it was made for this site, in the account',
      why: 'HTTP 403: the permission is not ticked, or the key was made for another site or in another account. A site that was just made can say so for some minutes.',
    },
    {
      says: 'Check the input api-url',
      why: 'HTTP 404: nothing is at this address, or Wix knows none of the ids.',
    },
    { says: 'It is too large for Wix', why: 'HTTP 413: the request holds more than Wix takes.' },
    {
      says: 'Check that the CMS, and Wix Multilingual',
      why: 'HTTP 428: an app is missing on the site.',
    },
    {
      says: 'Lower the input requests-per-minute, or',
      why: 'HTTP 429, also after waiting and trying again.',
    },
    { says: 'Wix has trouble', why: 'HTTP 5xx, also after trying again.' },
    {
      says: 'If the request should have been accepted',
      why: 'Another refusal; the words of Wix are in brackets.',
    },
  ],
};
