import type { ComponentChildren } from 'preact';

interface DataTableProps {
  readonly caption: string;
  readonly heads: readonly string[];
  /** The first cell of a row is its head; numbers are at the right. */
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Writes numbers by the rules of the page's language; by default as they are. */
  readonly formatNumber?: (value: number) => string;
}

const findClass = (cell: ComponentChildren): string => (typeof cell === 'number' ? 'number' : '');

/** A table that scrolls by itself where it is wider than the page. */
export function DataTable({ caption, heads, rows, formatNumber = String }: DataTableProps) {
  const write = (cell: ComponentChildren): ComponentChildren => (typeof cell === 'number' ? formatNumber(cell) : cell);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {heads.map((head, at) => (
              <th scope="col" class={findClass(rows[0]?.[at])}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([head, ...cells]) => (
            <tr>
              <th scope="row">{head}</th>
              {cells.map((cell) => (
                <td class={findClass(cell)}>{write(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
