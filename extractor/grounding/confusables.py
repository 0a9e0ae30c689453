"""Words that a dropped, added, doubled or transposed letter turns into another word.

Of each such pair the shorter word stands here, and both of a transposed pair: "contacted" (contracted), "compliant"
(complaint). Reckoned over the English word lists of SCOWL (size 60, American and British), for words of eight letters
or more, and of six where a consonant is doubled; pairs that are two spellings of one word are left out.
"""

from __future__ import annotations

from extractor.grounding.lexicon import word_set

CONFUSABLE_WORDS = word_set(
    """
abridgment abridgments acknowledgment acknowledgments addition additions additive addresses aesthetic aesthetics
alteration alterations aluminum amenable amiability anthologies apologies appals apprised apprises apprising assembles
automaton averting backboard backboards backlash backlashes backside backsides baling bandying baptistries baptistry
baring bating battiest beaching beatification beatified beatifies beatifying behoving belied belies belying benching
biased biding blasphemes blooding blusters bogieing bonier boniest bookmaking botching branding breather briniest
brinkmanship bunching burglaries business busing cackling caldrons calkings callused calluses callusing cambered
cambering camomile camomiles caning canons canvas canvased canvases canvasing caries carvings casino casinos casually
cataloged cataloger catalogers cataloging catcalls categories catering cattiest cattiness causally celerity centring
cervices chafed chafing charwoman charwomen chillest chucking cinching civies cleaners cleaning climatic coconuts
coding coifed coifing colonies comically commander commanders competed competences competes competing compiled
compiles complaint completed compliant complied complies composed composing concerted concerting concreted concreting
conduced conducing conducive congenial congenially contacted contacting contacts continent continents coping coquette
coquettes corals corespondent corespondents corporal cosigned cosigning couching countess counties couriers courtier
cracking cravings creating creation creations crevices crispest crochets crossbred crucifies crumbier crumbiest
crumbing cruncher curies curtsying damndest deadlocks decanted decanting deceased deceases deceasing decrying
deducible deducing defeated defeating defected defecting defection defections defector defectors deigning deleting
deletion dentures deprecate deprecated deprecates deprecating deprecation deputies derivation derivations deriving
descried descries desert deserts destines devilries dextrous dextrously dialed dibbling diners dining discus discuses
distil dogies doling doting doughier doughiest dueled dumfound dumfounded dumfounding dumfounds dwelling earthier
earthiest earthing economies egoistic emirates emotions employes energies enquires enrols eternally ethically eulogies
eviler excepted excepting expatiate expatiated expatiates expatiating expediences expiation extols factional factions
fagots fantasied fantasies fathered fathering fattened fattening favoring favoured favouring fibers fighting filets
filing filings filtrable fizziest fizzling flashest fledgling fledglings fleshier fleshiest flextime flotation
flotations flowered flutists fondling forbears forgather forgathered forgathering forgathers forgoing forswear
forswearing forswears forswore forsworn foundered foundering founders founding frailest franchises frighted frighting
frizzing fueled fulfil fusing fuzing gabled gables gaging gambling gantlets garnished garnishes garote gassiest
geranium gingkoes ginkgoes goddamed godliest gradation gradations gravely griped griping gustiest gutsiest habitation
hairbreadth hairbreadths handcraft handcrafts handwork hardness harkened harkening harmonies haters hating headwaters
heritage heritages hoping hostlers humanness hurrying immorality immorally immovable impeding imperils imperious
implement impudence impudent indicted indicting inducing infarction infected infecting infection infections infinities
infraction inhumanly inquires insolent instal instil insulted insulting insurgences interbred interment internes
internment internship internships interred intestate irrelevances isotopic jalousies jibing judgment judgmental
judgments ladies lambkins laming larges liability liberties licenses lighting lightning likableness liters loping
lunching macintosh macintoshes mating mazurkas meagerly meagrely mealiest mediated mediates mediating mediation
memories milers militaries misjudgment misjudgments mislaying moldered moldering moldiest moldings monikers monopolies
moping morality mortgages moused mouses mousing movables multiples musing mustache mustaches nosiness notaries
numskull numskulls nutrient nutrients ordnance outlaying outlying overate overdoes overdoing overeating overeats
overlaying overlays overlying overpaying overpays overshot pacemaker pacemakers paling palmists panier papering paring
passerby patently pattered pattering peasantry peasants peppiest perfects perjures peroration perorations petering
pettiest pettiness philosophies phonying pickling pilafs piling pimentos pining piping pizazz planed planing plasters
pluses plushest poling posses potables potholes powering preacher predicted predicting prediction predictive prefects
prejudgment prejudgments preludes pricking primer priorities privater prostate prostates punchier punchiest pushiest
quadruped racoon radially raggeder raggedest raging raping rating razing reconnoitred reconnoitring refiled refiling
reigning relaying reliving remaking reminder reminders reorders repaying repelled repelling repertories replying
rereading reselling resetting residences restated restating restaurateur restaurateurs retained retaining retraced
retracing retrained retraining retrains reveling reveries revering rhapsodies riding rifled rifles rifling rigmarole
rigmaroles riming roasters robing roundness ruination saddling sallower sallowest salvation saplings sappiest savaging
scamming scantest scared scaring schlep schmalzy scouring scraped scraping scrubber scrunches scuffing seamiest
seediest sentence sentient sepulchred sepulchring shamed shaming sharable shedding sheikdom sheikdoms sherbets
shilling shimming shined shining shinning shlemiel shlemiels shlepped shlepping shleps shutting sickness sideshow
sideshows sighting simmered simmering simulate simulated simulates simulating simulation singling siting sizzling
slashing slitting sloped sloping slumbrous smidgens smoldered smoldering smolders smoothes snakiest sniffing sniped
sniping snuffing snugging sobriquet sobriquets soggiest soldered soldering solidest solidity soliloquies solitaries
somberly sombrely soothing sootiest soppiest soughing spared spareness sparing sparking spattered spattering spatters
spatting specialties specialty specking spited spiting spitting spoonful spouting sputtered sputtering sputters
squiring staining staled staling stanched stancher stanches stanchest stanching standing stared staring starling
starting steamers steaming stickers stingers stingier stingiest stinging stopping straggler stranger strangers
stretcher stringer striped striping subsides subsidies summaries summoned summoning supers supplant supplants
suppliant suppliants surgeons swankest sympathies tablespoonful tapering taping taring tastiest teaspoonful teeniest
terrains theories tickling tiling tingeing tinier tiniest tinkling titles tittered tittering toting toweling towelled
towelling trailing tramping transits transitted transitting trashing treading treasures treaties trebling trialing
tricking trilling troubleshot trucking trusting twined twinging twining tyrannies underfed underlay underlays
underlies underling underpay underpaying underpays undershot unearned unending unformed uniformed unlocked unlocking
unmaking unshakable uprising usability vanished vanishes vanishing verification verified verifies verifying wackiest
wading waging wagons wakening waling wangling wannabes wariness warranted warranting weighing wheeling whosoever
widowing wigglers wiggling wilful wiling wining wintrier wintriest woodiest woolen wresting wrinkles xxviii yoghurts
"""
)
