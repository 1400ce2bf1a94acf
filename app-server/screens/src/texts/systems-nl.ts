/** Several systems side by side: who owns what, connecting on their own pages, who is meant. In Dutch. */
export const systems = {
  ownership: {
    title: 'Wie is waar de baas',
    text: 'Per soort gegeven: waar het begint en waar Tillbridge het naartoe brengt.',
    empty: 'Er stroomt nog niets',
    emptyText: 'Zodra er iets aan staat, staat het hier in woorden.',
    master: '{kind} beginnen in {masters}.',
    goes: 'Van {source} gaan ze naar {target}.',
    mastered: 'Daar geldt wat uit {source} komt.',
    adds: 'Ze komen bij wat er al is.',
    note: 'Twee bazen, of een weg die terugleidt naar waar hij begon, worden bij het inschakelen geweigerd.',
    flow: 'Instellingen van deze stroom',
    andWord: '{list} en {last}',
  },
  authorize: {
    button: 'Verbinden met {name}',
    waiting: 'Ga akkoord in het venster dat is geopend. Deze pagina gaat vanzelf verder.',
    open: 'Venster opnieuw openen',
    orByHand: 'Of vul de toegangsgegevens zelf in:',
  },
  choice: {
    title: 'Wie wordt bedoeld?',
    text: 'In {target} zijn er meer die het kunnen zijn. Er is niets gegokt; kies.',
    take: 'Deze',
    fresh: 'Geen van deze: nieuw aanmaken',
    none: 'In {target} is er niemand meer die het kan zijn. Probeer het opnieuw.',
    decided: 'Besloten: het gaat verder.',
    listTitle: 'Te beslissen',
    listText: 'Tillbridge gokt nooit wie wie is. Wat u hier beslist, geldt vanaf dan.',
    empty: 'Niets te beslissen',
    emptyText: 'Waar er meer bedoeld kunnen zijn, verschijnt het hier.',
  },
};
