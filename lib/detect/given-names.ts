/**
 * Common given names, written down from general knowledge of the languages named; no register of people was read.
 * Each is in small letters. What is also a word or a place stands in `DOUBTFUL_NAMES`.
 */
const NAMES = `
english james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony donald
steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric
jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick raymond dennis jerry tyler aaron
jose henry adam douglas nathan zachary peter kyle walter ethan jeremy harold keith roger noah gerald carl terry sean
arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie gabriel logan alan juan wayne roy ralph randy
eugene vincent russell elijah louis bobby philip johnny harry oliver liam lucas mason jack leo theodore owen isaac
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly
emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela
shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria
heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl
hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean abigail alice judy sophia denise
amber doris marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori jane
tracy chelsea bryce brett brad courtney kelsey lindsay whitney cody travis derek trent shane wesley calvin marcus
darren craig stuart neil colin ian leonard norman stanley alfred fred leslie howard gordon clarence ernest phillip philippa
pauline yvonne lynn connie gina tina rita wanda vivian marion maxine lucille edith ethel irma thelma norma josephine
naomi eleanor nora lucy molly sophie amelie clara stella aurora savannah brooklyn leah audrey claire lucia eliza
zoe chloe ella mia ava amelia harriet imogen freya poppy nigel graham trevor gareth rhys dylan callum ewan fiona
niamh siobhan aoife declan ciaran sinead bridget colleen maureen doreen lorna moira sheila debbie jamie lee toby tom tim
tony steve mike dave bob jim kate katie kathy liz beth becky jenny sam ben dan nick matt chris alex andy greg jeff josh
german hans jürgen wolfgang klaus dieter uwe jens stefan stephan steffen matthias mathias tobias florian sebastian andreas markus
thorsten torsten holger ralf jörg bernd günter günther horst helmut heinz gerhard manfred werner karl friedrich fritz
johannes lukas leon felix jonas maximilian moritz niklas finn ursula monika petra sabine gabriele renate karin brigitte
ingrid erika heike susanne birgit silke anja katja kerstin claudia stefanie nadine melanie sandra julia katharina lena
lea leonie ludwig hannelore gisela helga inge elke antje heidi gertrud johanna annika jana selma frieda lieselotte ursel liesel rosemarie irmgard edeltraud waltraud hildegard ulrike mareike
wiebke gesine sven swen kai timo jannik jannis luca ben noah paul emil anton jakob oskar
french pierre jean-pierre jacques michel philippe alain bernard nicolas christophe laurent frédéric éric stéphane
olivier thierry françois sébastien julien mathieu guillaume antoine maxime romain benoît arnaud cédric gérard henri
marcel rené yves hugo théo léo clément baptiste nathalie isabelle sylvie catherine françoise martine christiane
monique jacqueline véronique valérie sandrine stéphanie céline aurélie émilie virginie delphine camille manon chloé
inès léa élodie amélie margaux juliette hélène agnès geneviève brigitte océane mélanie
spanish josé antonio manuel francisco javier miguel ángel carlos jesús alejandro rafael pedro pablo sergio fernando
jorge luis alberto álvaro diego adrián raúl enrique ramón vicente andrés joaquín santiago eduardo ignacio alfonso
ricardo salvador emilio julio roberto guillermo gonzalo hugo mateo martín lucía maría carmen ana isabel dolores pilar
josefa rosa cristina marta laura elena raquel sara paula sofía silvia beatriz rocío inmaculada alba julia natalia
irene andrea abelardo benito benita mónica patricia mercedes encarnación consuelo esperanza valentina camila ximena guadalupe lupe
portuguese joão antónio antônio paulo luís rui nuno tiago bruno ricardo gustavo rodrigo thiago felipe leandro
marcelo márcio fábio vítor caio davi murilo luiz beatriz mariana inês catarina joana francisca leonor fernanda
juliana luiza aline larissa letícia vanessa adriana luciana cláudia sônia rafaela gabriela julieta
italian giuseppe giovanni antonio mario luigi salvatore vincenzo pietro lorenzo matteo alessandro andrea marco
luca francesco davide simone stefano paolo giorgio roberto riccardo nicola fabio massimo claudio enrico filippo
federico gianluca leonardo giulia francesca chiara sara martina valentina alessia elisa silvia giovanna rosaria
caterina antonella paola daniela simona federica ilaria giorgia elena milena nunzia concetta carmela
dutch jan piet kees henk willem pieter johan dirk gerrit bram daan sem thijs ruben joost maarten jeroen bas wouter
sander koen anke marieke femke sanne lotte fleur anouk maaike ingrid mieke joke truus wilma
nordic lars anders erik nils olof gustav axel magnus björn mikael henrik fredrik mattias oskar viktor elias emil ludvig
sven göran bengt lennart kjell åke bo ole per jens hans niels søren jørgen mads mikkel nikolaj rasmus kasper christian peter
frederik anton magne olav knut geir terje svein arne øyvind håkon sigurd einar gunnar jón sigurður guðmundur ólafur
kristján stefán árni þór vilhjálmur jónas anna eva maria karin kristina birgitta elisabeth margareta åsa linnea
ebba maja wilma saga elsa astrid ingeborg solveig sigrid liv kari marit hilde bente mette kirsten hanne inger lene
pernille camilla katrine maren sofie freja ida guðrún sigríður kristín helga ragnheiður katrín jóhanna sólveig salóme
juhani matti antti timo jukka mikko jari heikki kari pekka juha eino onni väinö toivo ilkka risto tapani aino helmi
kaija tuula päivi riitta leena marjatta satu minna katja johanna tiina sari elina anni
slavic jan petr pavel jiří josef tomáš martin jaroslav miroslav zdeněk václav michal františek jakub lukáš david ondřej
marek milan karel vladimír ladislav stanislav luboš radek matej matěj vojtěch marie jana eva hana lenka kateřina
lucie věra alena petra jaroslava ludmila helena jitka martina veronika tereza michaela zuzana jarmila božena šárka
vlasta silvie andrzej piotr krzysztof stanisław tomasz paweł józef marcin marek michał grzegorz jerzy tadeusz
łukasz zbigniew mateusz wojciech kamil rafał sławomir mariusz przemysław bartosz maciej katarzyna małgorzata
agnieszka krystyna barbara ewa elżbieta zofia teresa joanna magdalena monika jadwiga danuta irena halina aleksandra
natalia wiktoria agata beata dorota jolanta grażyna bożena ivan dmitry dmitri sergei sergey aleksandr alexei alexey
mikhail nikolai vladimir andrei andrey igor oleg yuri yury boris viktor pavel maksim denis anatoly vitaly konstantin
ruslan timur artem kirill stepan gleb olga tatiana tatyana natalia natalya elena irina svetlana ekaterina anastasia asya
ksenia daria yulia lyudmila galina nina vera oksana polina alina marina larisa sofia zhanna luka marko nikola
stefan milan goran zoran dragan jovan nemanja miloš bojan dejan vuk ante ivo hrvoje tomislav krešimir dario matija
franc janez anton jože alojz andrej bojan boštjan marija mojca nataša špela maja tina ljubica jelena milica dragana
snežana jasna žiga tadej
hungarian lászló istván józsef jános zoltán sándor ferenc attila gábor péter tamás zsolt tibor andrás csaba imre lajos
györgy balázs gergely ákos bence levente máté botond ádám katalin ilona erzsébet éva zsuzsanna ágnes judit julianna
andrea ildikó erika krisztina eszter réka dóra nóra boglárka janka
romanian andrei mihai ion gheorghe alexandru bogdan cristian florin adrian ionuț vlad radu mircea elena ioana mihaela
cristina alexandra simona raluca
greek giorgos georgios yannis ioannis kostas konstantinos dimitris dimitrios nikos nikolaos panagiotis vasilis
christos athanasios spyros thanasis eleni katerina vasiliki sofia angeliki georgia dimitra konstantina ioanna
γιώργος γιάννης κώστας δημήτρης νίκος μαρία ελένη κατερίνα
cyrillic иван сергей александр дмитрий андрей алексей михаил николай владимир юрий олег игорь ольга татьяна наталья
елена ирина светлана екатерина анастасия мария анна
turkish mehmet mustafa ahmet hüseyin hasan ibrahim ismail osman yusuf murat ömer emre burak kemal cem deniz serkan
ayşe fatma emine hatice zeynep elif meryem şerife sultan özlem esra büşra merve selin
arabic mohammed muhammad mohamed ahmed ali hassan hussein omar khalid abdullah abdul ibrahim youssef yusuf mahmoud
mustafa tariq karim samir rashid faisal hamza bilal zaid amir nasser salim walid fatima aisha maryam khadija zainab
layla leila noor amina yasmin salma huda rania samira nadia hana maha
hebrew moshe yosef avi avraham david shlomo yaakov yitzhak eitan noam ariel itai miriam rivka yael tamar shira noa
indian raj rajesh suresh ramesh mahesh amit sanjay vijay ajay anil sunil rahul rohit vikram arjun karthik arun deepak
manoj ravi krishna ganesh venkatesh aditya aarav vivaan ishaan priya anjali pooja neha sunita anita kavita lakshmi
divya shreya swati meera deepa ananya aishwarya sneha kiran nisha ritu shalini
eastasian wei jun ming hui xin yan ling mei fang jing hao yu lei qiang hiroshi takashi kenji akira satoshi makoto
takeshi kazuo yuki haruto sota ren yuto yoshio shigeru minoru yoko keiko kazuko
sachiko hiroko akiko yumi naoko tomoko mayumi sakura hina aoi chihiro haruka megumi ayumi minho jihoon
seojun minjun dohyun jiwoo seoyeon minseo hyejin jisoo eunji soyeon nguyen thi linh hanh trang phuong huong tuan
african kwame kofi kwabena yaw ama abena akosua chidi emeka chinedu obinna ngozi chioma adaeze olu tunde segun
femi bola yetunde folake thabo sipho themba bongani nomsa thandi zanele lerato tendai tatenda farai wanjiru kamau
otieno achieng abebe bekele haile tesfaye selam tsegaye almaz
`;

const LANGUAGES = new Set(
  "english german french spanish portuguese italian dutch nordic slavic hungarian romanian greek cyrillic turkish arabic hebrew indian eastasian african".split(
    " ",
  ),
);

/** Also words, places or makes: they count with a family name behind or a cue before only. */
export const DOUBTFUL_NAMES: ReadonlySet<string> = new Set(
  (
    "will mark grace rose may june april august hope faith joy art bill frank rich pat sue ray drew dale dean chase grant " +
    "wade skip gene guy max summer dawn eve iris ivy lily ruby pearl violet daisy angel christian jordan austin dallas " +
    "paris florence sydney charlotte victoria georgia virginia carolina israel chad jack bob sam ben dan lee don jean " +
    "per bo ole liv kari hugo leo jan sun ming jun yu lei wei hao ren mei ling fang hui xin yan jing san salvador santiago " +
    "alexandria madison tyler mason logan hunter cooper parker carter taylor morgan reed rowan sterling clay cliff heath glen " +
    "miles penny holly hazel olive poppy robin rusty sandy star sunny terry tracy wendy amber crystal ginger jade jasmine " +
    "melody mercy misty myrtle rosemary sage scarlett sierra willow ali art basil earl duke ernest harry jerry kelly noor " +
    "sultan deniz mercedes pilar dolores esperanza consuelo alba rosa ana ion vlad ante ivo star saga maja vera nina marina " +
    "regina lea elsa ida eva paulo diego alexa siri java ruby julia claude gemini bard nova echo luna sage delphi kate diana " +
    "scott bruce carol martin lori ann tim tom tony raj amina kiran olga nguyen thi trang kamau femi bola ama yaw luka " +
    "sem bas daan bram fleur joke truus onni satu toivo camille"
  ).split(" "),
);

export const GIVEN_NAMES: ReadonlySet<string> = new Set(
  [...NAMES.split(/\s+/), ...DOUBTFUL_NAMES].filter((name) => name !== "" && !LANGUAGES.has(name)),
);
