"""Looking at the people of the played Instagram and adding some, at `/control/people`.

`POST {uid, username}` makes somebody known who never logged in here, so that they are on the lists of likes.
"""

from providers.sandbox.control import ControlError, read_object
from providers.sandbox.instagram_people import add_person, list_people
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer


def answer_people(state: State, request: Request) -> Answer:
    """`GET` and `POST /control/people`."""
    try:
        if request.method == "POST":
            body = read_object(request)
            add_person(state.store, str(body.get("uid", "")), str(body.get("username", "")))
    except (ControlError, ValueError) as error:
        return json_answer({"error": str(error)}, 400)
    people = [{"uid": person.uid, "username": person.username} for person in list_people(state.store)]
    return json_answer({"people": people})
