"""Pages that teach sellers nothing give no lesson; short posts that do teach, do."""

from __future__ import annotations

import pytest

from coachkb.data.load import profiles, vocabulary
from coachkb.ingest.extract import extract
from coachkb.ingest.read import read_document
from coachkb.ingest.situations import Tagger, taggers

NOTHING = {
    "news": """\
Halvorsen Marine opens new service dock in Hull

Halvorsen Marine announced today that its second service dock in Hull will open on 3 June. The investment of £4.2m creates eighteen jobs and gives our customers faster turnaround for hull cleaning and engine overhaul.

"We are delighted to bring our services closer to our clients on the Humber," said managing director Olivia Marsh. "This is an important step in our growth strategy."

The dock has two covered berths, a 60-tonne lift and a training room. The sales team will be led by Peter Crane, who joins from Tyne Shipcare. Visitors are welcome at the open day on 10 June. For more information call our office or visit the website.
""",
    "product": """\
LeadTracker Pro 4.0

LeadTracker Pro is the CRM add-on that helps your sales team follow every lead from first call to signed order. Import your contacts in minutes, see your pipeline at a glance and never miss a follow-up again.

Features
- Automatic reminders for every quote
- Dashboards per sales rep, region and product
- Works with Outlook and Gmail
- Data stored in the EU

Pricing starts at €19 per user per month. Try LeadTracker Pro free for 30 days. No credit card needed. Contact our sales department for a demo.
""",
    "recipe": """\
Pannenkoeken zonder klontjes

Klop eerst de eieren los met een snuf zout. Doe de bloem in een kom, maak een kuiltje en giet de helft van de melk erbij. Roer rustig van binnen naar buiten tot je een glad beslag hebt. Voeg dan pas de rest van de melk toe.

Laat het beslag een halfuur rusten. Verhit een klontje boter in de pan en wacht tot het niet meer bruist. Schenk een soeplepel beslag in de pan en draai hem rond. Keer de pannenkoek als de bovenkant droog is.

Serveer met stroop of poedersuiker. Bewaar wat over is in folie, dan kun je er morgen nog van eten.
""",
    "staff": """\
Personeelsnieuws: nieuwe accountmanager voor Zuid

Per 1 september versterkt Mirjam Verbeek ons verkoopteam als accountmanager voor de regio Zuid. Zij volgt Koos Brand op, die na 31 jaar met pensioen gaat. Mirjam werkte eerder bij een groothandel in Tilburg, waar ze verantwoordelijk was voor de grote klanten.

"Ik kijk ernaar uit om onze klanten te leren kennen," zegt Mirjam. In de eerste weken gaat ze met Koos mee op bezoek bij alle relaties. Klanten kunnen haar bereiken op het bekende nummer.

Wij wensen Mirjam veel succes en danken Koos voor zijn inzet.
""",
    "event": """\
Inbjudan: Säljardagen i Linköping 14 november

Välkommen till årets säljardag på Konsert & Kongress. Under en heldag får du lyssna till fem talare från näringslivet, träffa kollegor från hela landet och besöka utställarna i foajén.

Program
08.30 Registrering och kaffe
09.15 Så köper kunden i framtiden, Eva Lindmark
10.30 Paneldebatt om digital försäljning
12.00 Lunch
13.00 Workshoppar i mindre grupper
16.00 Mingel

Biljetten kostar 2 450 kronor och inkluderar lunch. Anmäl dig senast den 1 november. Antalet platser är begränsat.
""",
    "manual": """\
Så byter du däck själv

Ställ bilen på plant underlag och dra åt handbromsen. Lossa hjulbultarna ett halvt varv innan du hissar upp bilen. Placera domkraften vid fästpunkten, se instruktionsboken. Ta bort bultarna och lyft av hjulet.

Kontrollera att mönsterdjupet är minst tre millimeter på vinterdäcken. Sätt på det nya hjulet och dra bultarna korsvis. Sänk ner bilen och efterdra med momentnyckel. Glöm inte att efterdra igen när du har kört tio mil.

Tvätta hjulen innan du lägger undan dem. Förvara dem svalt och mörkt.
""",
    "results": """\
Quarterly results: order intake up 8 percent

Brackwell Group reports an order intake of 412 million for the third quarter, up eight percent on last year. Sales in the Nordic region grew by twelve percent, driven by large customers in the process industry. Operating profit was 37 million.

"Demand from our key customers remains strong, although some buyers postpone decisions," says CEO Tom Hedley. The company keeps its outlook for the year unchanged. A conference call for investors will be held at 10.00 today. The report is available on the website.
""",
    "tax": """\
How to file your tax return online

Before you start, gather your payslips, your bank statements and the letter with your personal code. Go to the tax office's website and log in. Check the figures that are already filled in; you must correct them if they are wrong.

Don't forget to claim your travel expenses. If you work from home, you can deduct a fixed amount per day. Keep your receipts for five years. You should send in the form before 1 May, otherwise you may have to pay a fine. If you can't make it, ask for a delay in time.
""",
}
SOMETHING = {
    "short": """\
They say they are happy where they are

"We're fine with who we have," he says, and you hear the door closing.

That is seldom about you. Changing means admitting that the last choice could have been better, and nobody likes that.

So don't attack the choice. Praise it, then ask what he would improve if it were free. Write the answer down and come
back with that one thing.
""",
    "story": """\
The man who counted

My first manager counted. Every Friday he wrote on a card how often each of us had been told no, and he never said
what the cards were for. We thought that he was cruel. He sold bricks, as his father had, and he had a limp.

We were five then, in one office above the yard. It smelled of clay. Ted had the north, I had the coast, and nobody
wanted the city. In the winter the lorries froze and we sat around the stove, and Ted told us about the war. He had
been a cook. Once he had burned the soup for two hundred men. He laughed when he told it, and his eyes were wet.

His limp was from a horse. The horse had been called Duchess, and he still had a photograph of her in the drawer with
the cards. On Saturdays he drove out to see the field where she was buried. He took his wife and a flask of tea.

In the spring I lost the school in Alverton because the architect knew somebody. I drove home slowly. I told him that
it was over, that we were too expensive, and that nobody wanted bricks. He took out my cards. There were forty of
them, and he laid them on the counter in rows, like a man who plays patience.

The rows were even. The number of times I had been refused was the same in the good months as in the bad ones, because
what had changed was only how often I had asked. I had not seen it. I had been so afraid of the word that I had
stopped going where it was said, and so I heard it less and earned less, and thought that the market was to blame.

He never explained it. He put the cards back and limped to his car. The reason I sold the most that summer was not
that I had become better at selling. It was that a no had become something to count, and what is counted loses its
sting. People who feel hurt by a refusal believe that it is about them. It means that the buyer is afraid too, and
that he has somebody to answer to.

A buyer says no because it is the cheapest word that he has. It costs him nothing, and it means only that he does not
yet see why he should think about bricks today. That is why the second visit feels different from the first, and why
most sellers never find that out.
""",
    "kort": """\
Geen zin

‘Geen interesse’, hoor je, nog voor je je naam hebt gezegd. Dat is geen oordeel over je aanbod, want dat kent hij niet.
Het is een reflex: hij wil terug naar zijn werk.

Geef hem dus gelijk. Zeg: ‘Dat snap ik, ik bel u ook rauw op uw dak. Mag ik één vraag stellen en dan hang ik op?’
""",
}


@pytest.fixture(scope="module")
def by_language() -> dict[str, Tagger]:
    return taggers(vocabulary(), profiles())


@pytest.mark.parametrize("name", NOTHING)
def test_a_page_without_advice_gives_no_lesson_and_says_why(name: str, by_language: dict[str, Tagger]) -> None:
    posts = extract(read_document(NOTHING[name].encode(), f"{name}.txt"), by_language)
    assert [post.reason is not None for post in posts] == [True]


@pytest.mark.parametrize("name", SOMETHING)
def test_a_short_post_with_advice_gives_a_lesson(name: str, by_language: dict[str, Tagger]) -> None:
    posts = extract(read_document(SOMETHING[name].encode(), f"{name}.txt"), by_language)
    assert [post.reason for post in posts] == [None]


def test_a_short_post_is_judged_with_the_page_it_stands_on(by_language: dict[str, Tagger]) -> None:
    """An archive's post that hardly speaks of selling was left out, though its neighbours all did."""
    odd = (
        "Take your coat off slowly. Look at the pictures on the wall. Ask who painted the boat, and listen to the answer. "
        * 2
    )
    told = " ".join(SOMETHING["short"].split())
    page = f"Prices\n\n3 May 2011\n\n{told * 2}\n\nThe coat on the chair\n\n2 May 2011\n\n{odd}\n\nMore of it\n\n1 May 2011\n\n{told * 2}\n"
    posts = extract(read_document(page.encode(), "page.txt"), by_language)
    assert [post.reason for post in posts] == [None, None, None]
