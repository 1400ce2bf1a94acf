/** Several systems side by side: who owns what, connecting on their own pages, who is meant. In German. */
export const systems = {
  ownership: {
    title: 'Wem gehört was',
    text: 'Für jede Art von Datensatz: wo er entsteht und wohin Tillbridge ihn bringt.',
    empty: 'Noch fließt nichts',
    emptyText: 'Sobald etwas eingeschaltet ist, steht es hier in Worten.',
    master: '{kind} entstehen in {masters}.',
    goes: 'Von {source} gehen sie zu {target}.',
    mastered: 'Dort gilt, was aus {source} kommt.',
    adds: 'Dort kommen sie zu dem hinzu, was schon da ist.',
    note: 'Zwei Herren oder ein Weg, der dorthin zurückführt, wo er begann, werden beim Einschalten abgelehnt.',
    flow: 'Einstellungen dieses Flusses',
    andWord: '{list} und {last}',
  },
  authorize: {
    button: 'Mit {name} verbinden',
    waiting: 'Stimmen Sie in dem Fenster zu, das sich geöffnet hat. Diese Seite macht von selbst weiter.',
    open: 'Fenster noch einmal öffnen',
    orByHand: 'Oder die Zugangsdaten von Hand eingeben:',
  },
  choice: {
    title: 'Wer ist gemeint?',
    text: 'In {target} gibt es mehrere, die es sein können. Geraten wurde nichts; wählen Sie.',
    take: 'Dieser',
    fresh: 'Keiner davon: neu anlegen',
    none: 'In {target} gibt es niemanden mehr, der gemeint sein kann. Versuchen Sie es noch einmal.',
    decided: 'Entschieden: Es geht weiter.',
    listTitle: 'Zu entscheiden',
    listText: 'Tillbridge rät nie, wer wer ist. Was Sie hier entscheiden, gilt von da an.',
    empty: 'Nichts zu entscheiden',
    emptyText: 'Wo mehrere gemeint sein können, erscheint es hier.',
  },
};
