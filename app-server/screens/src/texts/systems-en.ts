/** Several systems side by side: who owns what, connecting on their own pages, who is meant. In English. */
export const systems = {
  ownership: {
    title: 'Who owns what',
    text: 'For each kind of record: where it begins, and where Tillbridge takes it.',
    empty: 'Nothing flows yet',
    emptyText: 'As soon as something is switched on, it is said here in words.',
    master: '{kind} begin in {masters}.',
    goes: 'From {source} they go to {target}.',
    mastered: 'What comes from {source} counts there.',
    adds: 'They are added to what is there.',
    note: 'Two masters, or a way that leads back to where it began, are refused when you switch them on.',
    flow: 'Settings of this flow',
    andWord: '{list} and {last}',
  },
  authorize: {
    button: 'Connect with {name}',
    waiting: 'Agree in the window that opened. This page goes on by itself.',
    open: 'Open the window again',
    orByHand: 'Or enter the access data by hand:',
  },
  choice: {
    title: 'Who is meant?',
    text: 'In {target} there are several that this may be. Nothing was guessed; choose.',
    take: 'This one',
    fresh: 'None of them: make a new one',
    none: 'In {target} there is nobody left that it may be. Try again.',
    decided: 'Decided: it goes on.',
    listTitle: 'To decide',
    listText: 'Tillbridge never guesses who is who. What you decide here counts from then on.',
    empty: 'Nothing to decide',
    emptyText: 'Where several could be meant, it appears here.',
  },
};
