package konsil.phantom.text;

import java.util.List;

/** A made-up person. Names are common ones put together by chance. */
record Person(String name, String sex, int age, String number) {
    private static final List<String> WOMEN =
            List.of("Anna", "Clara", "Emma", "Greta", "Ida", "Julia", "Lena", "Maria", "Nora", "Olga", "Rosa", "Vera");
    private static final List<String> MEN =
            List.of("Adam", "Bruno", "David", "Emil", "Felix", "Hugo", "Jonas", "Karl", "Leo", "Martin", "Paul", "Tom");
    private static final List<String> FAMILIES = List.of(
            "Abel", "Berger", "Carter", "Dahl", "Evans", "Fischer", "Garner", "Holm", "Iversen", "Jensen", "Keller",
            "Lund", "Morgan", "Novak", "Olsen", "Parker", "Quist", "Rossi", "Sommer", "Tanner", "Weber", "Young");

    static Person made(Chance chance) {
        boolean woman = chance.happens(0.5);
        String name = chance.of(woman ? WOMEN : MEN) + " " + chance.of(FAMILIES);
        String number = "%06d".formatted(chance.between(0, 999_999));
        return new Person(name, woman ? "female" : "male", chance.between(20, 90), number);
    }
}
