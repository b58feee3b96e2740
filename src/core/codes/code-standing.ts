import { codingKey, type Coding } from './concept.js';
import { findWithdrawal } from './editions.js';
import type { Answer, CodeStanding } from '../answer/knowledge-response.js';
import type { Library } from '../model/library.js';

function findCoding({ coding, code }: Answer): Coding[] {
  return coding.system && code !== undefined ? [{ system: coding.system, code }] : [];
}

/**
 * Adds to each answered code what its code system states: its title, its status, or that a complete release lacks it.
 * One call to the library.
 */
export function addStandings(answers: readonly Answer[], library: Library): Answer[] {
  const concepts = library.findConcepts(answers.flatMap(findCoding));
  const known = new Map(concepts.map((concept) => [codingKey(concept), concept]));
  const { completeSystems } = library.status();
  return answers.map((answer) => {
    const [coding] = findCoding(answer);
    if (!coding) return answer;
    const concept = known.get(codingKey(coding));
    const standing: CodeStanding = {
      concept,
      notIn: concept ? undefined : completeSystems.get(coding.system),
      withdrawal: findWithdrawal(coding.system, coding.code),
    };
    const { miss } = answer;
    if (standing.notIn === undefined || miss?.reason !== 'code-not-mapped') return { standing, ...answer };
    return { standing, ...answer, miss: { ...miss, reason: 'code-not-in-release' } };
  });
}
