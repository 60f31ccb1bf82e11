/** How the demo looks: plain text for a file, colours and a spinner for a terminal. */

const { env, stdout } = process;

/** Whether to use colours: what the person asked for, else whether somebody is looking. */
const colourful =
  env.FORCE_COLOR === undefined
    ? stdout.isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb'
    : env.FORCE_COLOR !== '0';

const animated = stdout.isTTY === true && colourful;

function painted(code: number): (text: string) => string {
  return (text) => (colourful ? `\u001b[${code}m${text}\u001b[0m` : text);
}

export const bold = painted(1);
export const faint = painted(2);
const green = painted(32);
export const red = painted(31);
export const yellow = painted(33);

/** Begins a chapter of the story. */
export function chapter(number: number, title: string): void {
  stdout.write(`\n${bold(`${number}. ${title}`)}\n\n`);
}

/** Tells something, in a sentence. */
export function tell(text: string): void {
  stdout.write(`${text}\n`);
}

/** Shows what was found to be so. */
export function proven(text: string): void {
  stdout.write(`${green(colourful ? '✓' : '[ok]')} ${text}\n`);
}

/** Shows output of another program, set off from the story. */
export function quote(text: string): void {
  for (const line of text.trimEnd().split('\n')) stdout.write(`${faint('  |')} ${line}\n`);
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Says what is going on until it is over. */
export async function during<T>(what: string, work: Promise<T>): Promise<T> {
  if (!animated) return work;
  let frame = 0;
  const timer = setInterval(() => {
    frame = (frame + 1) % frames.length;
    stdout.write(`\r${frames[frame]} ${what}`);
  }, 80);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    stdout.write('\r\u001b[K');
  }
}

/** A comment made for GitHub as plain text: what it marks as gone and as new stands in brackets. */
export function plainText(html: string): string {
  const marks: readonly (readonly [RegExp, string])[] = [
    [/<del>/g, '[-'],
    [/<\/del>/g, '-]'],
    [/<ins>/g, '{+'],
    [/<\/ins>/g, '+}'],
    [/<br>/g, ' / '],
    [/<\/t[dh]>(?=<t[dh])/g, ' | '],
    [/<\/?(?:h\d|p|details|summary)[^>]*>/g, '\n'],
    [/<[^>]*>/g, ''],
    [/\n{2,}/g, '\n'],
    [/&lt;/g, '<'],
    [/&gt;/g, '>'],
    [/&quot;/g, '"'],
    [/&amp;/g, '&'],
  ];
  const text = marks.reduce((rest, [mark, plain]) => rest.replace(mark, plain), html);
  return text.replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number))).trim();
}
