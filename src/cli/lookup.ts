import type { Config } from '../config/config.js';
import { answerRequest } from '../core/answer/answer.js';
import { CODE_SYSTEMS, codeSystem, findCodeSystem } from '../core/codes/code-systems.js';
import type { Answer, Match } from '../core/answer/knowledge-response.js';
import { chooseLanguage } from '../core/model/language.js';
import { displayCode } from '../core/codes/normalize-code.js';
import { missText } from '../protocols/chart-texts.js';
import { loadTexts, type Translate } from '../texts.js';
import { onConfigured } from './open-served.js';
import { ANYONE } from '../core/answer/knowledge-request.js';
import { CommandEnd, command, type Streams } from './reports/command.js';

export interface LookupOptions {
  readonly system: string;
  readonly language: string;
  readonly json?: boolean;
}

function formatPath({ path }: Match): string {
  return path.map(({ system, code }) => `${codeSystem(system).label} ${displayCode(system, code)}`).join(' → ');
}

function toJson(answer: Answer, release: string): object {
  const { coding, code, matches, rejections, miss, standing } = answer;
  return {
    system: coding.system,
    code: code ?? coding.code,
    release,
    articles: matches.map(({ article, text, relationship, sensitivity, path, score, origin }) => ({
      id: article.id,
      title: text.title,
      url: text.url,
      language: text.language,
      publisher: article.publisher.name,
      relationship,
      sensitivity,
      score,
      origin,
      path,
    })),
    rejections,
    miss,
    ...standing,
  };
}

/** Prints the articles for a code. @returns exit code: 0 found, 1 no match, 2 wrong use */
export const lookup = command(async (config: Config, code: string, options: LookupOptions, { stdout }: Streams) => {
  const system = findCodeSystem(options.system)?.id;
  const language = chooseLanguage(options.language);
  const known = CODE_SYSTEMS.map(({ id }) => id).join(', ');
  if (!system) throw new CommandEnd(`unknown code system ${options.system}; known: ${known}`, 2);
  if (!language) throw new CommandEnd(`unknown language ${options.language}: en or es`, 2);
  return onConfigured(config, async (library) => {
    const coding = { system, systemSent: options.system, code, display: '', userSelected: false };
    const context = { ...ANYONE, language };
    const { maxArticles } = config;
    const request = { criteria: [{ codings: [coding] }], context, maxArticles, describeCodes: true };
    const { answers, release } = await answerRequest(request, library);
    const [answer] = answers;
    if (!answer) return 1;
    if (options.json) stdout.write(`${JSON.stringify(toJson(answer, release), null, 2)}\n`);
    else stdout.write(toText(answer, loadTexts(config.resourcesDir)(language)));
    return answer.matches.length > 0 ? 0 : 1;
  });
});

/** The code's own title, or that its release has no such code. */
function formatStanding({ coding, code, standing }: Answer): string[] {
  if (!coding.system || code === undefined || !standing) return [];
  const subject = `${codeSystem(coding.system).label} ${displayCode(coding.system, code)}`;
  const { concept, notIn, withdrawal } = standing;
  const withdrawn = withdrawal ? [`withdrawn${withdrawal.on === undefined ? '' : ` on ${withdrawal.on}`}`] : [];
  if (concept) return [[`${subject}: ${concept.title}`, ...withdrawn].join(', ')];
  if (withdrawal) return [`${subject}, ${withdrawn.join('')}`];
  return notIn === undefined ? [] : [`${subject} is not in ${notIn}`];
}

function toText(answer: Answer, t: Translate): string {
  const { coding, matches, miss } = answer;
  const label = coding.system ? codeSystem(coding.system).label : '';
  if (miss) {
    const reason = `${label} ${coding.code}: ${missText(miss, coding.system, t)}.`;
    return `${[...formatStanding(answer), reason].join('\n')}\n`;
  }
  const lines = matches.flatMap((match) => [
    `${match.text.title} — ${match.article.publisher.name}`,
    `  ${match.text.url}`,
    `  ${match.relationship}: ${formatPath(match)}`,
  ]);
  return `${[...formatStanding(answer), ...lines].join('\n')}\n`;
}
