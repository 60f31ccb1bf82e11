import type { Config } from '../../config/config.ts';
import { nameOf, type SettingsChange, settingsChanges } from '../../config/settings-changes.ts';
import { type Finding, finding } from '../../content/rules/finding.ts';
import type { Run } from '../run.ts';
import type { FilePlan } from './file-plan.ts';

/** What a pull request changes in the configuration, and what that does. */
export function settingsFindings(
  { config: now }: Run,
  file: string,
  before: Config | undefined,
  planned: readonly FilePlan[],
): readonly Finding[] {
  if (before === undefined) return [];
  return settingsChanges(before, now).map((change) => {
    const { content, setting, from, to } = change;
    const plan = planned.find(({ head }) => content && nameOf(head.content) === nameOf(content));
    const whose = content === undefined ? '' : ` of ${nameOf(content)}`;
    const place = (content && now.placeOf(content, [setting])) ?? { file };
    const words = `Caution: this pull request changes ${setting}${whose} from ${from} to ${to}: ${effectOf(change, plan)} Check that it is meant.`;
    return finding('settings-changed', place, words);
  });
}

/**
 * What a change of the configuration does once it is merged.
 *
 * @clause of the finding above.
 */
function effectOf({ content, setting, to }: SettingsChange, plan: FilePlan | undefined): string {
  if (content === undefined || setting === 'rules') {
    const what = content === undefined ? 'limits' : setting;
    return `the ${what} of the target branch judge this pull request.`;
  }
  switch (`${setting} ${to}`) {
    case 'deletes apply': {
      const rows = plan?.changes.filter(({ kind }) => kind === 'removed').length ?? 0;
      return `the merge deletes the items of ${rows} rows that are not in git any more.`;
    }
    case 'deletes keep':
      return 'an item stays when its row leaves git.';
    case 'write-policy truncate-before':
      return `every import empties the collection and fills it again from the ${plan?.head.table.size ?? 0} rows in git.`;
    case 'entry none':
      return 'its file is no longer managed, and nothing is deleted.';
    case 'entry managed':
      return 'the next export brings it to git, and imports write it.';
    default:
      return ['fields', 'exclude', 'filter'].includes(setting)
        ? 'the next export brings other content to git.'
        : 'this takes effect with the merge.';
  }
}
