from django.urls import path

from liaison.accounts.views import people, signing_in, units

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", signing_in.password_change, name="password_change"),
    path("people/", people.people_list, name="people_list"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/account/", people.person_account, name="person_account"),
    path("people/<int:pk>/password/", people.person_password, name="person_password"),
    path("units/", units.unit_options, name="unit_options"),
]
